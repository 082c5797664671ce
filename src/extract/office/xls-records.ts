import type { Budget } from "../budget.ts";

/** Record types of BIFF (MS-XLS 2.3). */
export const BIFF = {
  bof: 0x0809,
  eof: 0x000a,
  filePass: 0x002f,
  boundSheet: 0x0085,
  sst: 0x00fc,
  continue: 0x003c,
  labelSst: 0x00fd,
  label: 0x0204,
  rString: 0x00d6,
  number: 0x0203,
  rk: 0x027e,
  mulRk: 0x00bd,
  formula: 0x0006,
  string: 0x0207,
  header: 0x0014,
  footer: 0x0015,
  note: 0x001c,
  txo: 0x01b6,
  format: 0x041e,
  xf: 0x00e0,
  date1904: 0x0022,
  hyperlink: 0x01b8,
  supBook: 0x01ae,
  drawingGroup: 0x00eb,
} as const;

export interface BiffRecord {
  readonly type: number;
  /** Content of the record and of those that continue it. */
  readonly pieces: readonly Buffer[];
}

/** The records of a workbook stream, each with its continuations. */
export function* readRecords(bytes: Buffer, budget: Budget): Generator<BiffRecord> {
  let at = 0;
  while (at + 4 <= bytes.length) {
    budget.checkTime();
    const type = bytes.readUInt16LE(at);
    const pieces: Buffer[] = [];
    let length = bytes.readUInt16LE(at + 2);
    pieces.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
    while (at + 4 <= bytes.length && bytes.readUInt16LE(at) === BIFF.continue) {
      length = bytes.readUInt16LE(at + 2);
      pieces.push(bytes.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    if (type === 0 && length === 0) return;
    yield { type, pieces };
  }
}

/** The pictures of a workbook: one stream of drawing records (MS-ODRAW), cut into records of the workbook (2.4.171). */
export function drawingGroup(bytes: Buffer, budget: Budget): Buffer {
  const records = [...readRecords(bytes, budget)].filter(({ type }) => type === BIFF.drawingGroup);
  return Buffer.concat(records.flatMap(({ pieces }) => pieces));
}
