import type { OutBatch } from "../../src/core/export.ts";

/**
 * `<path>/<start>_<end>_<id>.log.gz`, times of the first and the last record as `YYYYMMDDThhmmssZ`. `{DATE}` in the path is
 * the first record's day. The same batch has the same name on every attempt: a repeat replaces, it does not add.
 */
export function objectName(path: string, batch: OutBatch, ending: string): string {
  const start = compact(batch.records[0]?.at ?? new Date(0));
  const end = compact(batch.records.at(-1)?.at ?? new Date(0));
  const folder = inFolder(path.replaceAll("{DATE}", start.slice(0, 8)));
  return `${folder}${batch.folder}${start}_${end}_${batch.id}.${ending}`;
}

export function inFolder(path: string): string {
  const trimmed = path.replaceAll(/^\/+|\/+$/g, "");
  return trimmed === "" ? "" : `${trimmed}/`;
}

function compact(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}
