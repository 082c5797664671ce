import type { Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";
import type { CfbEntry } from "./cfb.ts";

/** Source code of macros (MS-OVBA): the modules of any `VBA` storage, each a compressed container at some offset. */
export function readVbaProject(reading: Reading, storage: CfbEntry, depth = 0): void {
  for (const child of storage.children) {
    if (child.kind === "storage") {
      if (depth < 4) readVbaProject(reading, child, depth + 1);
      continue;
    }
    if (storage.name !== "VBA" || child.name === "dir" || child.name.startsWith("_")) continue;
    const source = moduleSource(child.read());
    if (source !== null) reading.text(source);
  }
}

/** The container begins somewhere behind compiled code: where the text unpacks to `Attribute VB_`. */
function moduleSource(bytes: Buffer): string | null {
  const start = bytes.indexOf("\0Attribut", 0, "latin1");
  if (start < 3) return null;
  const clear = decompressVba(bytes.subarray(start - 3));
  return clear === null ? null : decodeBytes(clear, null).text;
}

/** Decompression of MS-OVBA 2.4.1. Null when the container is broken at its beginning. */
export function decompressVba(bytes: Buffer): Buffer | null {
  if (bytes[0] !== 1) return null;
  const chunks: Buffer[] = [];
  let at = 1;
  while (at + 2 <= bytes.length) {
    const header = bytes.readUInt16LE(at);
    const end = Math.min(bytes.length, at + (header & 0x0fff) + 3);
    at += 2;
    if ((header & 0x8000) === 0) {
      chunks.push(bytes.subarray(at, end));
      at = end;
      continue;
    }
    chunks.push(decompressChunk(bytes, at, end));
    at = end;
  }
  return Buffer.concat(chunks);
}

function decompressChunk(bytes: Buffer, start: number, end: number): Buffer {
  const output = Buffer.alloc(4096);
  let length = 0;
  let at = start;
  while (at < end && length < 4096) {
    const flags = bytes[at] ?? 0;
    at += 1;
    for (let bit = 0; bit < 8 && at < end && length < 4096; bit += 1) {
      if (((flags >> bit) & 1) === 0) {
        output[length] = bytes[at] ?? 0;
        length += 1;
        at += 1;
        continue;
      }
      if (at + 2 > end) return output.subarray(0, length);
      const token = bytes.readUInt16LE(at);
      at += 2;
      const offsetBits = Math.max(4, Math.ceil(Math.log2(Math.max(1, length))));
      const copyLength = (token & (0xffff >> offsetBits)) + 3;
      const offset = (token >> (16 - offsetBits)) + 1;
      if (offset > length) return output.subarray(0, length);
      for (let index = 0; index < copyLength && length < 4096; index += 1) {
        output[length] = output[length - offset] ?? 0;
        length += 1;
      }
    }
  }
  return output.subarray(0, length);
}
