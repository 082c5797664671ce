import { decodeBytes } from "../text/charset.ts";
import { decodeHeaderText } from "./encoded-word.ts";

export interface ParameterizedValue {
  /** The value before the first semicolon, lower case, without comments. */
  readonly value: string;
  /** Names in lower case, values decoded. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN_END = /[;]/;

/** Reads `type; name=value; ...` (RFC 2045 5.1) with continuations and charsets (RFC 2231), and without manners. */
export function readParameters(raw: string): ParameterizedValue {
  const pieces = splitPieces(raw);
  const value = stripComments(pieces.shift() ?? "")
    .trim()
    .toLowerCase();
  const plain = new Map<string, string>();
  const sections = new Map<string, { index: number; encoded: boolean; text: string }[]>();
  for (const piece of pieces) {
    const equals = piece.indexOf("=");
    if (equals === -1) continue;
    const name = piece.slice(0, equals).trim().toLowerCase();
    const text = unquote(piece.slice(equals + 1).trim());
    const match = /^([^*]+)\*(?:(\d{1,4})(\*?))?$/.exec(name);
    if (match?.[1] === undefined) {
      if (!plain.has(name)) plain.set(name, text);
      continue;
    }
    const list = sections.get(match[1]) ?? [];
    list.push({ index: Number(match[2] ?? 0), encoded: match[2] === undefined || match[3] === "*", text });
    sections.set(match[1], list);
  }
  const parameters = new Map<string, string>();
  for (const [name, text] of plain) parameters.set(name, decodeHeaderText(text));
  for (const [name, list] of sections) parameters.set(name, joinSections(list));
  return { value, parameters };
}

function joinSections(list: readonly { index: number; encoded: boolean; text: string }[]): string {
  const ordered = [...list].sort((a, b) => a.index - b.index);
  let charset = "utf-8";
  const bytes: Buffer[] = [];
  for (const [position, section] of ordered.entries()) {
    let text = section.text;
    if (section.encoded && position === 0) {
      const match = /^([^']*)'[^']*'(.*)$/s.exec(text);
      if (match !== null) {
        charset = match[1] || charset;
        text = match[2] ?? "";
      }
    }
    bytes.push(section.encoded ? percentDecode(text) : Buffer.from(text, "latin1"));
  }
  return decodeBytes(Buffer.concat(bytes), charset).text;
}

function percentDecode(text: string): Buffer {
  return Buffer.from(
    text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
}

/** Splits at semicolons outside of quotes and comments. */
function splitPieces(raw: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index < raw.length; index += 1) {
    const char = raw[index];
    if (char === "\\" && quoted) index += 1;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char !== undefined && TOKEN_END.test(char)) {
      pieces.push(raw.slice(start, index));
      start = index + 1;
    }
  }
  // A quote that is never closed would swallow all that follows.
  if (quoted) return raw.split(";");
  pieces.push(raw.slice(start));
  return pieces;
}

function unquote(text: string): string {
  const match = /^"((?:[^"\\]|\\.)*)"/s.exec(text);
  if (match?.[1] !== undefined) return match[1].replace(/\\(.)/gs, "$1");
  return stripComments(text)
    .replace(/^["']|["']$/g, "")
    .trim();
}

/** Removes `(comments)`; nesting is legal but unseen, and the innermost pair goes first. */
export function stripComments(text: string): string {
  if (!text.includes("(")) return text;
  let before = text;
  for (let depth = 0; depth < 8; depth += 1) {
    const after = before.replace(/\([^()]*\)/g, " ");
    if (after === before) break;
    before = after;
  }
  return before;
}
