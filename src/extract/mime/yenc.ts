import type { Decoded } from "./transfer.ts";

/**
 * Decodes the first yEnc file of a body (yEnc draft 1.3), null when there is none. One part of a multi-part file too.
 * Sound when it has the size that its last line tells.
 */
export function decodeYenc(body: Buffer): Decoded | null {
  const begin = body.indexOf("=ybegin ");
  if (begin === -1) return null;
  let position = body.indexOf(10, begin) + 1;
  if (position === 0) return null;
  if (body.indexOf("=ypart ", position) === position) position = body.indexOf(10, position) + 1;
  const end = body.indexOf("=yend", position);
  const encoded = body.subarray(position, end === -1 ? body.length : end);
  const output = Buffer.alloc(encoded.length);
  let length = 0;
  for (let index = 0; index < encoded.length; index += 1) {
    let value = encoded[index] ?? 0;
    if (value === 10 || value === 13) continue;
    if (value === 61) {
      index += 1;
      value = (encoded[index] ?? 0) - 64;
    }
    output[length] = (value - 42) & 255;
    length += 1;
  }
  const size = end === -1 ? undefined : / size=(\d+)/.exec(body.toString("latin1", end, end + 128))?.[1];
  return { bytes: output.subarray(0, length), sound: size !== undefined && Number(size) === length };
}
