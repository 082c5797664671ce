export interface Decoded {
  readonly bytes: Buffer;
  /** False when bytes were found that the encoding does not know: the reading is a guess. */
  readonly sound: boolean;
}

/** The encodings that a Content-Transfer-Encoding stands for, whatever people write there; null for unknown ones. */
export function transferEncoding(raw: string): "identity" | "base64" | "quoted-printable" | "uuencode" | "yenc" | null {
  const name = raw
    .replace(/\([^)]*\)/g, "")
    .replace(/["'\s;]/g, "")
    .toLowerCase();
  if (/^(7-?bit|8-?bits?|binary|none|)$/.test(name)) return "identity";
  if (/^(x-)?base-?64$/.test(name)) return "base64";
  if (/^(x-)?quoted-?printable$/.test(name)) return "quoted-printable";
  if (/^(x-)?uu(e|encode)?$/.test(name)) return "uuencode";
  if (/^(x-)?yenc$/.test(name)) return "yenc";
  return null;
}

const NOT_BASE64 = /[^A-Za-z0-9+/=\s]/;

/** Decodes base64 as senders make it: padding in the middle, stray characters, missing padding (RFC 2045 6.8). */
export function decodeBase64(encoded: Buffer): Decoded {
  const padding = encoded.indexOf("=");
  const tail = padding === -1 ? "" : encoded.toString("latin1", padding).trim();
  // Node's decoder skips white space by itself and stops at the first padding.
  if (padding === -1 || /^={1,2}$/.test(tail)) {
    const text = encoded.toString("latin1");
    return { bytes: Buffer.from(text, "base64"), sound: !NOT_BASE64.test(text) };
  }
  const text = encoded.toString("latin1");
  const pieces = text
    // Words behind the padding are no data; data begins on a new line or at once.
    .replace(/=[ \t][^\r\n]*/g, "=")
    .replace(/[^A-Za-z0-9+/=]+/g, "")
    .split(/=+/)
    .filter((piece) => piece !== "")
    .map((piece) => Buffer.from(piece, "base64"));
  // Padded pieces put together read well; anything else in between does not.
  return { bytes: Buffer.concat(pieces), sound: !NOT_BASE64.test(text) };
}

const EQUALS = 61;
const CR = 13;
const LF = 10;
const SPACE = 32;
const TAB = 9;

function hexValue(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** Decodes quoted-printable (RFC 2045 6.7); wrong escapes stay as they are, white space before a line end goes. */
export function decodeQuotedPrintable(encoded: Buffer): Buffer {
  let next = encoded.indexOf(EQUALS);
  if (next === -1) return encoded;
  const output = Buffer.allocUnsafe(encoded.length);
  let length = 0;
  let position = 0;
  while (next !== -1) {
    length += encoded.copy(output, length, position, next);
    const high = hexValue(encoded[next + 1]);
    const low = hexValue(encoded[next + 2]);
    if (high >= 0 && low >= 0) {
      output[length] = high * 16 + low;
      length += 1;
      position = next + 3;
    } else {
      let after = next + 1;
      while (encoded[after] === SPACE || encoded[after] === TAB) after += 1;
      if (encoded[after] === CR) after += 1;
      if (encoded[after] === LF) position = after + 1;
      else if (encoded[after - 1] === CR || after >= encoded.length) position = after;
      else {
        output[length] = EQUALS;
        length += 1;
        position = next + 1;
      }
    }
    next = encoded.indexOf(EQUALS, position);
  }
  length += encoded.copy(output, length, position);
  return output.subarray(0, length);
}
