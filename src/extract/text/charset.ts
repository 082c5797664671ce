import chardet from "chardet";
import iconv from "iconv-lite";
import { decodeIso2022, isoName } from "./iso-2022.ts";

export interface DecodedText {
  readonly text: string;
  /** The charset it was read as. */
  readonly charset: string;
  /** False when bytes fit no charset, or when the declared one was wrong and another was guessed. */
  readonly sound: boolean;
  /** The second reading, where mark, bytes and declaration contradict one another: programs differ in whom they believe. */
  readonly other?: string;
}

/** Bytes that are looked at to guess a charset; more does not change the guess. */
const GUESS_BYTES = 64 * 1024;

const REPLACEMENT = /\uFFFD/;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Bytes to text. Valid UTF-8 wins over a declaration that does not fit, and a guess from the bytes over nothing.
 * us-ascii declares nothing: mailers write it over any bytes. Where a byte-order mark or the zeros of UTF-16 speak
 * against the declaration, or against the bytes, the text is read both ways.
 */
export function decodeBytes(bytes: Buffer, declared: string | null): DecodedText {
  const name = normalise(declared);
  const charset = name === "us-ascii" ? null : name;
  const marked = decodeMarked(bytes);
  if (marked !== null) return withDeclared(marked, bytes, charset);
  const wide = wideCharset(bytes);
  if (charset !== null && wide !== null && !isFamily(wide, charset)) {
    return withDeclared(finish(iconv.decode(bytes, wide), wide), bytes, charset);
  }
  // Declared as UTF-16 and written in ASCII: it would be read as Chinese.
  if (charset !== null && isWide(charset) && wide === null && isMostlyAscii(bytes)) {
    return { ...decodeUndeclared(bytes), sound: false, other: decodeAs(bytes, charset) ?? "" };
  }
  return decodeDeclared(bytes, charset);
}

/** The text by mark or zeros, and with a contradiction what the declaration, or its absence, makes of the bytes. */
function withDeclared(found: DecodedText, bytes: Buffer, declared: string | null): DecodedText {
  const agrees = declared === null || isFamily(found.charset, declared);
  const mark = found.charset.startsWith("utf-32") ? 4 : 2;
  if (isWide(found.charset) ? agrees && !isMostlyAscii(bytes.subarray(mark)) : agrees || !isWide(declared))
    return found;
  return { ...found, sound: false, other: decodeDeclared(bytes, agrees ? null : declared).text };
}

function isWide(charset: string): boolean {
  return /^(utf-?(16|32)|ucs-?[24]|unicode|iso-10646-ucs|csunicode)/.test(charset);
}

/** Whether a declaration means what was found; `utf-16` leaves the order of the bytes open. */
function isFamily(found: string, declared: string): boolean {
  if (found === declared.replace(/^utf(?=\d)/, "utf-")) return true;
  if (found.startsWith("utf-32")) return /^(utf-?32|ucs-?4)$/.test(declared);
  return found.startsWith("utf-16") && isWide(declared) && !/(le|be)$|32|4$/.test(declared);
}

/** Whether nearly all bytes are printable ASCII. Of UTF-16 in any script at most about half of them are. */
function isMostlyAscii(bytes: Buffer): boolean {
  const sample = bytes.subarray(0, GUESS_BYTES);
  let printable = 0;
  for (const byte of sample) if ((byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13) printable += 1;
  return printable > 0 && printable >= sample.length * 0.8;
}

function decodeDeclared(bytes: Buffer, charset: string | null): DecodedText {
  if (charset === null) return decodeUndeclared(bytes);
  const wide = wideCharset(bytes);
  if (wide !== null && isFamily(wide, charset)) return finish(iconv.decode(bytes, wide), wide);
  const text = decodeAs(bytes, charset);
  if (text === null) return { ...decodeUndeclared(bytes), sound: false };
  if (!REPLACEMENT.test(text)) return { text, charset, sound: true };
  return secondGuess(bytes, text, charset);
}

function normalise(declared: string | null): string | null {
  if (declared === null) return null;
  // A NUL or a comment ends the name; what is left of it counts.
  const name =
    declared
      .split(/[\0;(\s]/)[0]
      ?.replace(/["']/g, "")
      .toLowerCase() ?? "";
  if (name === "" || name === "unknown-8bit" || name === "x-unknown" || name === "binary") return null;
  if (/^(us-?ascii|ascii|ansi_x3\.4.*|iso646-us|7bit|8bit|us)$/.test(name)) return "us-ascii";
  if (/^(x-)?cp-?(125\d|850|866|437|932|936|949|950)$/.test(name)) return `cp${name.replace(/\D/g, "")}`;
  return name;
}

function decodeMarked(bytes: Buffer): DecodedText | null {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return finish(bytes.subarray(3).toString("utf8"), "utf-8");
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return finish(iconv.decode(bytes, "utf-32le"), "utf-32le");
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return finish(iconv.decode(bytes, "utf-32be"), "utf-32be");
  if (a === 0xff && b === 0xfe) return finish(iconv.decode(bytes, "utf-16le"), "utf-16le");
  if (a === 0xfe && b === 0xff) return finish(iconv.decode(bytes, "utf-16be"), "utf-16be");
  return null;
}

function finish(text: string, charset: string): DecodedText {
  return { text, charset, sound: !REPLACEMENT.test(text) };
}

function decodeUndeclared(bytes: Buffer): DecodedText {
  const wide = wideCharset(bytes);
  if (wide !== null) return finish(iconv.decode(bytes, wide), wide);
  const iso = isoName(bytes);
  if (iso !== null) {
    const text = decodeIso2022(bytes, iso);
    if (!REPLACEMENT.test(text)) return { text, charset: iso, sound: true };
  }
  if (isAscii(bytes)) return { text: bytes.toString("latin1"), charset: "us-ascii", sound: true };
  const unicode = asUtf8(bytes);
  if (unicode !== null) return { text: unicode, charset: "utf-8", sound: true };
  return guess(bytes);
}

function secondGuess(bytes: Buffer, text: string, charset: string): DecodedText {
  const unicode = asUtf8(bytes);
  if (unicode !== null) return { text: unicode, charset: "utf-8", sound: true };
  // A few damaged characters do not make the declaration wrong.
  const damaged = text.split("\uFFFD").length - 1;
  if (damaged * 20 < text.length) return { text, charset, sound: false };
  return { ...guess(bytes), sound: false };
}

function guess(bytes: Buffer): DecodedText {
  const sample = bytes.length > GUESS_BYTES ? bytes.subarray(0, GUESS_BYTES) : bytes;
  for (const match of chardet.analyse(sample)) {
    const name = normalise(match.name);
    if (name === null || name === "us-ascii" || name.startsWith("utf-")) continue;
    const text = decodeAs(bytes, name);
    if (text !== null && !REPLACEMENT.test(text)) return { text, charset: name, sound: true };
  }
  const text = decodeAs(bytes, "windows-1252") ?? bytes.toString("latin1");
  return { text, charset: "windows-1252", sound: !REPLACEMENT.test(text) };
}

function asUtf8(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/** Null when nobody knows the charset. */
function decodeAs(bytes: Buffer, charset: string): string | null {
  if (charset === "utf-8" || charset === "utf8") return bytes.toString("utf8");
  if (/^iso-?2022-/.test(charset)) return decodeIso2022(bytes, charset.replace(/^iso-?/, "iso-"));
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return iconv.encodingExists(charset) ? iconv.decode(bytes, charset) : null;
  }
}

function isAscii(bytes: Buffer): boolean {
  return !HIGH_BYTE.test(bytes.toString("latin1"));
}

const HIGH_BYTE = /[\x80-\xff]/;

/** UTF-16 or UTF-32 without a mark: every second byte of Latin text, or three of four, are zero. */
function wideCharset(bytes: Buffer): string | null {
  const length = Math.min(bytes.length, 4096) & ~3;
  if (length < 8 || !bytes.subarray(0, length).includes(0)) return null;
  const zeros = [0, 0, 0, 0];
  for (let index = 0; index < length; index += 1) {
    if (bytes[index] === 0) zeros[index & 3] = (zeros[index & 3] ?? 0) + 1;
  }
  const share = zeros.map((count) => count / (length / 4));
  const [a = 0, b = 0, c = 0, d = 0] = share;
  if (a < 0.1 && b > 0.7 && c > 0.9 && d > 0.9) return "utf-32le";
  if (a > 0.9 && b > 0.9 && c > 0.7 && d < 0.1) return "utf-32be";
  if (a < 0.1 && c < 0.1 && b > 0.7 && d > 0.7) return "utf-16le";
  if (b < 0.1 && d < 0.1 && a > 0.7 && c > 0.7) return "utf-16be";
  return null;
}

/** Whether the bytes are text in some charset, and not data: no NUL and few other control characters. */
export function looksLikeText(bytes: Buffer): boolean {
  if (bytes.length === 0) return true;
  if (decodeMarked(bytes.subarray(0, 4)) !== null || wideCharset(bytes) !== null) return true;
  const sample = bytes.subarray(0, 8192);
  let controls = 0;
  let nulls = 0;
  for (const byte of sample) {
    if (byte === 0) nulls += 1;
    else if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) controls += 1;
  }
  return nulls * 100 <= sample.length && controls * 20 <= sample.length;
}
