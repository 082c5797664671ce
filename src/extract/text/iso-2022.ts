/**
 * The ISO-2022 family: 7-bit text that switches character sets with escape sequences.
 * The platform knows ISO-2022-JP; the others are taken apart here and their runs decoded as the 8-bit sets they name.
 */

const ESCAPE = 0x1b;
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
/** Stands for the escape character in patterns. Where text holds a caret before such a sequence, nothing is lost. */
const MARK = "^";

/** The member of the family that the escape sequences speak of, null when there are none. */
export function isoName(bytes: Buffer): string | null {
  if (!bytes.includes(ESCAPE)) return null;
  const text = bytes.toString("latin1", 0, 64 * 1024).replaceAll("\x1b", MARK);
  if (text.includes(`${MARK}$)C`)) return "iso-2022-kr";
  if (/\^\$(\)[AGE]|\*H)/.test(text)) return "iso-2022-cn";
  if (/\^(\$[@B]|\$\([@BDOPQ]|\([JI])/.test(text)) return "iso-2022-jp";
  return null;
}

export function decodeIso2022(bytes: Buffer, charset: string): string {
  if (charset.startsWith("iso-2022-kr")) return decodeShifted(bytes, () => "euc-kr");
  if (charset.startsWith("iso-2022-cn")) {
    return decodeShifted(bytes, (set) => (set === "A" || set === "E" ? "gb18030" : "big5"));
  }
  return decodeJapanese(bytes);
}

/** Runs of two-byte characters between SHIFT OUT and SHIFT IN; `ESC $ ) X` names their set (RFC 1557, RFC 1922). */
function decodeShifted(bytes: Buffer, setCharset: (set: string) => string): string {
  let text = "";
  let set = "A";
  let position = 0;
  while (position < bytes.length) {
    const byte = bytes[position];
    if (byte === ESCAPE) {
      const match = /^\$[)*+]?([A-Z])/.exec(bytes.toString("latin1", position + 1, position + 4));
      if (match !== null) {
        set = match[1] ?? set;
        position += 1 + match[0].length;
        continue;
      }
    }
    if (byte === SHIFT_OUT) {
      const end = nextOf(bytes, SHIFT_IN, position);
      const run = Buffer.from(bytes.subarray(position + 1, end)).map((value) => (value > 32 ? value | 0x80 : value));
      text += new TextDecoder(setCharset(set)).decode(run);
      position = end + 1;
      continue;
    }
    const next = Math.min(nextOf(bytes, SHIFT_OUT, position), nextOf(bytes, ESCAPE, position + 1));
    text += bytes.toString("latin1", position, next).replaceAll("\x0f", "");
    position = next;
  }
  return text;
}

function nextOf(bytes: Buffer, value: number, from: number): number {
  const index = bytes.indexOf(value, from);
  return index === -1 ? bytes.length : index;
}

/** The platform's decoder with JIS X 0212 (`ESC $ ( D`) and half-width katakana done by EUC-JP. */
function decodeJapanese(bytes: Buffer): string {
  const platform = new TextDecoder("iso-2022-jp").decode(bytes);
  if (!platform.includes("\uFFFD")) return platform;
  let text = "";
  for (const run of bytes.toString("latin1").split("\x1b")) {
    const match = /^(\$\([A-Z]|\$[@-Z]|\([A-Z])/.exec(run);
    const body = match === null ? run : run.slice(match[0].length);
    const high = Buffer.from(body, "latin1").map((value) => (value > 32 ? value | 0x80 : value));
    if (match?.[1] === "$(D") {
      const tripled = [...high].flatMap((value, index) => (index % 2 === 0 && value > 128 ? [0x8f, value] : [value]));
      text += new TextDecoder("euc-jp").decode(Uint8Array.from(tripled));
    } else if (match?.[1]?.startsWith("$")) {
      text += new TextDecoder("euc-jp").decode(high);
    } else if (match?.[1] === "(I") {
      text += new TextDecoder("shift_jis").decode(high);
    } else {
      text += new TextDecoder("utf-8").decode(Buffer.from(body, "latin1"));
    }
  }
  return text;
}
