import { gunzipSync, inflateRawSync, constants as zlib } from "node:zlib";
import type { Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";
import { Unreadable } from "../unreadable.ts";

const FLAG_CHECKSUM = 2;
const FLAG_EXTRA = 4;
const FLAG_NAME = 8;
const FLAG_COMMENT = 16;
/** Longer names are damage. */
const NAME_LIMIT = 1024;

/** gzip (RFC 1952), with several members one after another, and cut ones as far as they go. */
export async function readGzip(reading: Reading): Promise<void> {
  const { bytes } = reading.file;
  const content = unpack(reading, bytes);
  reading.budget.expand(content.bytes.length);
  await reading.member({ name: innerName(reading), size: content.bytes.length, open: () => content.bytes });
  if (content.fault !== null) throw new Unreadable("corrupt", content.fault);
}

function unpack(reading: Reading, bytes: Buffer): { readonly bytes: Buffer; readonly fault: string | null } {
  const maxOutputLength = Math.max(1, reading.budget.outputLimit(bytes.length));
  try {
    return { bytes: gunzipSync(bytes, { maxOutputLength }), fault: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") throw new Unreadable("too-large", "it expands to more than is allowed");
    if (code !== "Z_BUF_ERROR") return firstMember(bytes, maxOutputLength);
  }
  return {
    bytes: gunzipSync(bytes, { maxOutputLength, finishFlush: zlib.Z_SYNC_FLUSH }),
    fault: "it is cut off",
  };
}

/** What stands behind the first member is no gzip: that member alone, without its checksum. */
function firstMember(bytes: Buffer, maxOutputLength: number): { readonly bytes: Buffer; readonly fault: string } {
  try {
    const content = inflateRawSync(bytes.subarray(headerEnd(bytes)), { maxOutputLength });
    return { bytes: content, fault: "its compressed data is damaged, or followed by something else" };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw new Unreadable("too-large", "it expands to more than is allowed");
    }
    throw new Unreadable("corrupt", "its compressed data is damaged");
  }
}

function headerEnd(bytes: Buffer): number {
  const flags = bytes[3] ?? 0;
  let at = 10;
  if ((flags & FLAG_EXTRA) !== 0 && bytes.length > 12) at += 2 + bytes.readUInt16LE(10);
  for (const flag of [FLAG_NAME, FLAG_COMMENT]) {
    if ((flags & flag) !== 0) at = bytes.indexOf(0, at) + 1;
  }
  return (flags & FLAG_CHECKSUM) !== 0 ? at + 2 : at;
}

/** The name that was packed, else the file's without its ending. */
function innerName(reading: Reading): string {
  const { bytes, name } = reading.file;
  const flags = bytes[3] ?? 0;
  let at = 10;
  if ((flags & FLAG_EXTRA) !== 0 && bytes.length > 12) at += 2 + bytes.readUInt16LE(10);
  if ((flags & FLAG_NAME) !== 0) {
    const end = bytes.indexOf(0, at);
    if (end > at && end - at < NAME_LIMIT) return decodeBytes(bytes.subarray(at, end), null).text;
  }
  return (name ?? "content").replace(/\.(gz|gzip|z)$/i, "").replace(/\.tgz$/i, ".tar");
}
