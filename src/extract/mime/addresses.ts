import { decodeHeaderText } from "./encoded-word.ts";

export interface MailAddress {
  /** Lower case, without display name; unquoted where quotes are not needed. */
  readonly address: string;
  readonly display: string;
}

/**
 * Reads an address list (RFC 5322 3.4): groups, comments, quoted local parts, and the liberties that mailers take.
 * One pass, so that thousands of open brackets cost nothing.
 * @param raw field value, one UTF-16 unit a byte
 */
export function readAddresses(raw: string): readonly MailAddress[] {
  const found: MailAddress[] = [];
  let phrase = "";
  let angle: string | null = null;
  const finish = () => {
    const text = phrase.trim();
    const bare = text.split(/\s+/).filter((word) => /^[^@\s]+@[^@\s]+$/.test(word));
    const address = angle ?? (text.includes("@") ? withoutSpaces(text) : "");
    if (angle === null && bare.length > 1) {
      // Separated by spaces only.
      for (const word of bare) found.push({ address: normalise(word), display: "" });
    } else if (address.includes("@")) {
      found.push({ address: normalise(address), display: angle === null ? "" : decodeHeaderText(text) });
    } else if (text !== "") found.push({ address: "", display: decodeHeaderText(text) });
    phrase = "";
    angle = null;
  };
  let position = 0;
  while (position < raw.length) {
    const char = raw[position] ?? "";
    if (char === '"') {
      const end = closingQuote(raw, position);
      const quoted = raw.slice(position, end);
      // A quoted string before "@" is a local part and keeps its quotes.
      phrase += raw[end] === "@" ? quoted : quoted.slice(1, -1).replace(/\\(.)/g, "$1");
      position = end;
    } else if (char === "(") {
      const end = closing(raw, position, ")");
      const comment = raw.slice(position + 1, end - 1).trim();
      if (angle === null && comment !== "" && phrase.includes("@")) {
        angle = phrase.replace(/\s+/g, "");
        phrase = comment;
      }
      position = end;
    } else if (char === "<") {
      const end = closing(raw, position, ">");
      angle = raw
        .slice(position + 1, raw[end - 1] === ">" ? end - 1 : end)
        .replace(/^.*:(?=[^:]*@)/, "")
        .trim();
      position = end;
    } else if (char === "," || char === ";") {
      finish();
      position += 1;
    } else if (char === ":" && angle === null && !phrase.includes("@")) {
      // The name of a group.
      phrase = "";
      position += 1;
    } else {
      phrase += char;
      position += 1;
    }
  }
  finish();
  return found;
}

/** White space around dots and the at sign is legal and means nothing; inside of quotes it is part of the name. */
function withoutSpaces(text: string): string {
  return text.startsWith('"') ? text : text.replace(/\s+/g, "");
}

function closingQuote(raw: string, start: number): number {
  for (let index = start + 1; index < raw.length; index += 1) {
    if (raw[index] === "\\") index += 1;
    else if (raw[index] === '"') return index + 1;
  }
  return raw.length;
}

function closing(raw: string, start: number, bracket: string): number {
  for (let index = start + 1; index < raw.length; index += 1) {
    if (raw[index] === "\\") index += 1;
    else if (raw[index] === '"' && bracket === ">") index = closingQuote(raw, index) - 1;
    else if (raw[index] === bracket) return index + 1;
  }
  return raw.length;
}

function normalise(address: string): string {
  const text = decodeHeaderText(address).trim().toLowerCase();
  const match = /^"((?:[^"\\]|\\.)*)"@(.+)$/s.exec(text);
  if (match === null) return text;
  const local = (match[1] ?? "").replace(/\\(.)/g, "$1");
  return /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]+$/.test(local) ? `${local}@${match[2]}` : text;
}
