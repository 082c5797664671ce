import { gunzipSync, constants as zlib } from "node:zlib";
import type { Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";
import { Unreadable } from "../unreadable.ts";

const FLAG_EXTRA = 4;
const FLAG_NAME = 8;
/** Compressed data at its very end may not fit a member: less than this is no more than its trailer. */
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
    if (code !== "Z_BUF_ERROR") throw new Unreadable("corrupt", "its compressed data is damaged");
  }
  return {
    bytes: gunzipSync(bytes, { maxOutputLength, finishFlush: zlib.Z_SYNC_FLUSH }),
    fault: "it is cut off",
  };
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
