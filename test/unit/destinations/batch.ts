import type { OutBatch } from "../../../src/core/export.ts";

const AT = new Date("2026-11-30T21:45:00.123Z");

/** A batch of JSON lines, as a job makes them. */
export function batch(texts: readonly string[], change: Partial<OutBatch> = {}): OutBatch {
  return {
    id: "batch-1",
    records: texts.map((text, index) => ({
      id: `event-${index}`,
      sequence: index,
      at: new Date(AT.getTime() + index * 1_000),
      text: `${text}\n`,
      severity: 8,
    })),
    prefix: "",
    delimiter: "",
    suffix: "",
    json: true,
    contentType: "application/x-ndjson",
    folder: "",
    ...change,
  };
}

export const LOOPBACK = { network: { allowPrivate: true, extraPorts: [] }, folder: "/nowhere" } as const;
export const soon = (): AbortSignal => AbortSignal.timeout(5_000);
