import type { Decoded } from "./transfer.ts";
import { decodeBase64 } from "./transfer.ts";

/** Decodes the first uuencoded file of a body (POSIX uuencode), null when there is none. */
export function decodeUuencoded(body: Buffer): Decoded | null {
  const lines = body.toString("latin1").split(/\r\n|\n|\r/);
  const begin = lines.findIndex((line) => /^begin(-base64)? [0-7]{3,4} ./.test(line));
  if (begin === -1) return null;
  if (lines[begin]?.startsWith("begin-base64") === true) {
    const end = lines.findIndex((line, index) => index > begin && line.startsWith("===="));
    return decodeBase64(Buffer.from(lines.slice(begin + 1, end === -1 ? undefined : end).join("\n"), "latin1"));
  }
  const output = Buffer.alloc(lines.slice(begin).reduce((sum, line) => sum + line.length, 0));
  let length = 0;
  let sound = false;
  for (const line of lines.slice(begin + 1)) {
    if (line === "end") {
      sound = true;
      break;
    }
    if (line === "" || line === "`" || line === " ") continue;
    const size = (line.charCodeAt(0) - 32) & 63;
    if (size === 0) continue;
    length += decodeLine(line, size, output, length);
  }
  return { bytes: output.subarray(0, length), sound };
}

/** Trailing spaces may be lost on the way: missing characters count as zero. */
function decodeLine(line: string, size: number, output: Buffer, start: number): number {
  const at = (index: number) => (index < line.length ? (line.charCodeAt(index) - 32) & 63 : 0);
  let written = 0;
  for (let index = 1; written < size; index += 4) {
    const triple = (at(index) << 18) | (at(index + 1) << 12) | (at(index + 2) << 6) | at(index + 3);
    for (const shift of [16, 8, 0]) {
      if (written >= size || start + written >= output.length) return written;
      output[start + written] = (triple >> shift) & 255;
      written += 1;
    }
    if (index > line.length + 4) return written;
  }
  return written;
}
