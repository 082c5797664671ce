import type { OutBatch } from "../../src/core/export.ts";

/** A batch as one text: prefix, records with the delimiter between, suffix. */
export function bodyOf(batch: OutBatch): string {
  return batch.prefix + batch.records.map(({ text }) => text).join(batch.delimiter) + batch.suffix;
}

/** What a test upload carries, as Logpush does it. */
export const TEST_BODY = '{"content":"tests"}\n';
