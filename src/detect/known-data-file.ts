import type { ExactDataTable } from "./exact/table.ts";
import type { DocumentFingerprint } from "./similar/fingerprint.ts";

/** Bytes before the header that say how long it is. */
const LENGTH_BYTES = 4;

/** A table as bytes: a header in JSON, and the arrays of hashes as they are (little-endian). */
export function encodeExactData({ salt, primary, rows, cells, ...rest }: ExactDataTable): Uint8Array {
  const header = { ...rest, salt: Buffer.from(salt).toString("base64"), count: rows.length };
  return packed(header, [primary, rows, cells]);
}

export function decodeExactData(bytes: Uint8Array): ExactDataTable {
  const { header, body } = unpacked<Omit<ExactDataTable, "salt" | "primary" | "rows" | "cells"> & Stored>(bytes);
  const { salt, count, ...rest } = header;
  return {
    ...rest,
    salt: new Uint8Array(Buffer.from(salt, "base64")),
    primary: new BigUint64Array(body.slice(0, count * 8)),
    rows: new Uint32Array(body.slice(count * 8, count * 12)),
    cells: new Uint32Array(body.slice(count * 12)),
  };
}

export function encodeFingerprint({ shingles, ...rest }: DocumentFingerprint): Uint8Array {
  return packed(rest, [shingles]);
}

export function decodeFingerprint(bytes: Uint8Array): DocumentFingerprint {
  const { header, body } = unpacked<Omit<DocumentFingerprint, "shingles">>(bytes);
  return { ...header, shingles: new Uint32Array(body) };
}

interface Stored {
  readonly salt: string;
  readonly count: number;
}

function packed(header: object, arrays: readonly (BigUint64Array | Uint32Array)[]): Uint8Array {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(text.length);
  const bodies = arrays.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
  return Buffer.concat([length, text, ...bodies]);
}

function unpacked<Header>(bytes: Uint8Array): { readonly header: Header; readonly body: ArrayBuffer } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = LENGTH_BYTES + buffer.readUInt32LE();
  const header: Header = JSON.parse(buffer.toString("utf8", LENGTH_BYTES, end));
  // A copy: arrays of larger numbers begin at multiples of their size.
  return { header, body: new Uint8Array(bytes.subarray(end)).slice().buffer };
}
