import { addressesIn, withoutAddresses } from "./address-words.ts";
import { decodeHeaderText } from "./encoded-word.ts";

export interface MailAddress {
  /** Lower case, without display name; unquoted where quotes are not needed. Empty: a name without an address. */
  readonly address: string;
  readonly display: string;
}

/** One entry of a list while it is read. */
interface Entry {
  /** Where it begins in the field. */
  readonly start: number;
  /** As people see it: quoted strings without their quotes. */
  shown: string;
  /** As addresses see it: quoted strings as they stand. */
  written: string;
  /** What stood in angle brackets. */
  readonly angles: string[];
  readonly comments: string[];
}

/**
 * Reads an address list (RFC 5322 3.4): groups, comments, quoted local parts, and the liberties that mailers take.
 * Where a quote or bracket never closes, the rest is read word by word, so that nobody in it is overlooked.
 * One pass, so that thousands of open brackets cost nothing.
 * @param raw field value, one UTF-16 unit a byte
 */
export function readAddresses(raw: string): readonly MailAddress[] {
  const found: MailAddress[] = [];
  let entry = entryAt(0);
  let position = 0;
  while (position < raw.length) {
    const char = raw.charAt(position);
    if (char === '"' || char === "(" || char === "<") {
      const end = closing(raw, position);
      if (end === null) return [...found, ...readBroken(raw.slice(entry.start))];
      const inner = raw.slice(position + 1, end - 1);
      if (char === '"') {
        entry.shown += unescaped(inner);
        entry.written += raw.slice(position, end);
      } else if (char === "(") {
        entry.comments.push(unescaped(inner).trim());
        entry.written += " ";
      } else entry.angles.push(inner.trim());
      position = end;
      continue;
    }
    position += 1;
    if (char === "," || char === ";") {
      found.push(...mailboxes(entry));
      entry = entryAt(position);
    } else if (char === ":" && entry.angles.length === 0 && !entry.written.includes("@")) {
      // The name of a group is shown as any name.
      found.push(...named(entry.shown));
      entry = entryAt(position);
    } else {
      entry.shown += char;
      entry.written += char;
    }
  }
  return [...found, ...mailboxes(entry)];
}

function entryAt(start: number): Entry {
  return { start, shown: "", written: "", angles: [], comments: [] };
}

function mailboxes(entry: Entry): readonly MailAddress[] {
  const inAngles = entry.angles.flatMap((angle) => addressesIn(withoutRoute(angle)));
  if (inAngles.length > 0) return withName(inAngles, entry.shown);
  // Angle brackets around something else hide nothing.
  const unclear = entry.angles.filter((angle) => angle !== "").join(" ");
  const bare = entry.angles.length > 0 ? [] : addressesIn(entry.written);
  if (bare.length > 0) return withName(bare, [withoutAddresses(entry.written), ...entry.comments].join(" "));
  // An address in quotes alone is no address, but programs take it for one.
  const quoted = entry.angles.length > 0 ? [] : addressesIn(entry.shown);
  if (quoted.length > 0) return withName(quoted, "");
  return named([entry.shown, unclear, ...entry.comments].join(" "));
}

/** The name belongs to the first. */
function withName(addresses: readonly string[], name: string): readonly MailAddress[] {
  const display = decodeHeaderText(name.trim());
  return addresses.map((address, index) => ({ address: normalise(address), display: index === 0 ? display : "" }));
}

function named(name: string): readonly MailAddress[] {
  const display = decodeHeaderText(name.trim());
  return display === "" ? [] : [{ address: "", display }];
}

/** A list in which something does not close: all words with an at sign are addresses, all others names. */
function readBroken(raw: string): readonly MailAddress[] {
  return raw.split(/[,;]/).flatMap((piece) => {
    const words = piece.split(/[\s<>()"]+/);
    const addresses = words.filter((word) => word.includes("@")).map(withoutRoute);
    const name = words.filter((word) => !word.includes("@")).join(" ");
    return addresses.length > 0 ? withName(addresses, name) : named(name);
  });
}

/** Without the way that the mail was to take (RFC 5322 4.4) and without the scheme that some programs put before. */
function withoutRoute(text: string): string {
  return text.replace(/^(?:@[^:"]*:|(?:smtp|mailto):)\s*/i, "");
}

/** Position after the bracket or quote that closes the one at `start`; null when there is none. */
function closing(raw: string, start: number): number | null {
  const open = raw.charAt(start);
  const bracket = open === "(" ? ")" : open === "<" ? ">" : '"';
  let depth = 0;
  for (let index = start + 1; index < raw.length; index += 1) {
    const char = raw.charAt(index);
    if (char === "\\") index += 1;
    else if (char === bracket && depth === 0) return index + 1;
    else if (char === bracket) depth -= 1;
    // Comments nest (RFC 5322 3.2.2).
    else if (char === "(" && open === "(") depth += 1;
    else if (char === '"' && open === "<") {
      const end = closing(raw, index);
      if (end === null) return null;
      index = end - 1;
    }
  }
  return null;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, "$1");
}

function normalise(address: string): string {
  const text = decodeHeaderText(address).trim().toLowerCase();
  const match = /^"((?:[^"\\]|\\.)*)"@(.+)$/s.exec(text);
  if (match === null) return text;
  const local = unescaped(match[1] ?? "");
  return /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]+$/.test(local) ? `${local}@${match[2]}` : text;
}
