import type { Member } from "../reading.ts";
import { decodeUuencoded } from "./uuencode.ts";
import { decodeYenc } from "./yenc.ts";

const UU_BLOCK = /^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n[\s\S]*?^(?:end|====)[ \t]*(?:\r?\n|$)/gm;
const YENC_BLOCK = /^=ybegin [^\r\n]*?name=([^\r\n]{1,255})\r?\n[\s\S]*?^=yend [^\r\n]*(?:\r?\n|$)/gm;

/** Files that are written into the text of a body: uuencode and yEnc. They are taken out of the text. */
export function takeEnclosures(text: string): { readonly text: string; readonly members: readonly Member[] } {
  const members: Member[] = [];
  const take = (block: string, name: string, decode: (bytes: Buffer) => { readonly bytes: Buffer } | null): string => {
    const decoded = decode(Buffer.from(block, "latin1"));
    if (decoded === null) return block;
    members.push({ name: name.trim(), size: decoded.bytes.length, open: () => decoded.bytes });
    return "\n";
  };
  let rest = text;
  if (rest.includes("begin")) {
    rest = rest.replace(UU_BLOCK, (block: string, name: string) => take(block, name, decodeUuencoded));
  }
  if (rest.includes("=ybegin ")) {
    rest = rest.replace(YENC_BLOCK, (block: string, name: string) => take(block, name, decodeYenc));
  }
  return { text: rest, members };
}
