import type { Member, Reading } from "../reading.ts";
import { decodeBytes } from "../text/charset.ts";
import type { Decoded } from "./transfer.ts";
import { decodeUuencoded } from "./uuencode.ts";
import { decodeYenc } from "./yenc.ts";

const UU_BLOCK = /^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n[\s\S]*?^(?:end|====)[ \t]*(?:\r?\n|$)/gm;
const YENC_BLOCK = /^=ybegin [^\r\n]*?name=([^\r\n]{1,255})\r?\n[\s\S]*?^=yend [^\r\n]*(?:\r?\n|$)/gm;
const YENC_KEYWORDS = /^=y(?:begin|part|end) [^\r\n]*/gm;

/**
 * Files that are written into the bytes of a text: uuencode and yEnc. They are taken out of it, but for the lines that
 * describe them; what cannot be decoded stays as it stands, and is the problem `corrupt`.
 * @param at path below the reading's own part, for the problem
 */
export function takeEnclosures(
  reading: Reading,
  bytes: Buffer,
  at?: string,
): { readonly rest: Buffer; readonly members: readonly Member[] } {
  if (!bytes.includes("begin")) return { rest: bytes, members: [] };
  const members: Member[] = [];
  // One character a byte: yEnc uses all values, and a charset would change them.
  const text = bytes.toString("latin1");
  const take = (block: string, name: string, kept: string, decode: (bytes: Buffer) => Decoded | null): string => {
    const decoded = decode(Buffer.from(block, "latin1"));
    if (decoded === null) return block;
    const shown = decodeBytes(Buffer.from(name.trim(), "latin1"), null).text;
    members.push({ name: shown, size: decoded.bytes.length, open: () => decoded.bytes });
    if (decoded.sound) return kept;
    reading.problem("corrupt", "a file in the text cannot be decoded", at);
    return block;
  };
  const rest = text
    .replace(UU_BLOCK, (block: string, name: string) => take(block, name, "\n", decodeUuencoded))
    .replace(YENC_BLOCK, (block: string, name: string) => {
      if (isOnePiece(block)) reading.problem("unreachable", "one piece of a file that was sent in several", at);
      return take(block, name, `${(block.match(YENC_KEYWORDS) ?? []).join("\n")}\n`, decodeYenc);
    });
  return members.length === 0 ? { rest: bytes, members } : { rest: Buffer.from(rest, "latin1"), members };
}

/** Whether a yEnc block holds a part of its file only: its range is shorter than the size of the whole. */
function isOnePiece(block: string): boolean {
  const size = Number(/ size=(\d+)/.exec(block)?.[1]);
  const range = /^=ypart begin=(\d+) end=(\d+)/m.exec(block);
  return range !== null && Number(range[2]) - Number(range[1]) + 1 < size;
}
