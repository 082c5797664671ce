import { GoogleError } from "../google-error.ts";
import { addressesIn } from "./addresses.ts";
import { headerValue } from "./headers.ts";
import { SYSTEM_LABELS } from "./labels.ts";
import type { Mailbox, StoredMessage } from "./mailbox.ts";
import { leaves, readParts } from "./parts.ts";

export interface Query {
  readonly matches: (message: StoredMessage) => boolean;
  /** The query itself asks for trash or spam (`in:trash`, `in:anywhere`). */
  readonly includesSpamTrash: boolean;
}

/** Hours that dates without time are behind UTC: Gmail reads them as Pacific standard time. */
const PACIFIC_OFFSET_MS = 8 * 3_600_000;

type Test = (message: StoredMessage) => boolean;

/**
 * Reads a Gmail search. Terms are joined by AND; `-` negates.
 * @throws GoogleError 501 for OR, braces and brackets, which the sandbox does not speak: silence would hide a bug.
 */
export function parseQuery(mailbox: Mailbox, text: string): Query {
  const tests: Test[] = [];
  let includesSpamTrash = false;
  for (const [, minus = "", name = "", quoted, bare = ""] of text.matchAll(
    /(-?)(?:([a-z0-9_]+):)?(?:"([^"]*)"|([^\s"]+))/gi,
  )) {
    const value = quoted ?? bare;
    if (name === "" && (value === "OR" || /[{}()]/.test(bare))) {
      throw new GoogleError(501, "notImplemented", "The sandbox does not understand this search");
    }
    const term = name.toLowerCase();
    if (minus === "" && term === "in" && ["trash", "spam", "anywhere"].includes(value.toLowerCase())) {
      includesSpamTrash = true;
    }
    const test = term === "" ? contains(value) : operator(mailbox, term, value);
    tests.push(minus === "-" ? (message) => !test(message) : test);
  }
  return { matches: (message) => tests.every((test) => test(message)), includesSpamTrash };
}

function operator(mailbox: Mailbox, name: string, value: string): Test {
  switch (name) {
    case "rfc822msgid": {
      const wanted = value.replace(/^<|>$/g, "");
      return (message) => headerValue(message.headers, "message-id")?.replace(/^<|>$/g, "") === wanted;
    }
    case "after":
    case "newer": {
      const since = readMoment(value);
      return (message) => message.internalDate >= since;
    }
    case "before":
    case "older": {
      const until = readMoment(value);
      return (message) => message.internalDate < until;
    }
    case "in":
    case "label":
      return labelled(mailbox, value);
    case "is":
      return flagged(value.toLowerCase());
    case "from":
    case "to":
    case "cc":
    case "bcc":
      return mentions(name, value.toLowerCase());
    case "subject":
      return (message) => includesText(headerValue(message.headers, "subject") ?? "", value);
    case "has":
      return value === "attachment" ? hasAttachment : contains(`${name}:${value}`);
    default:
      return contains(`${name}:${value}`);
  }
}

function labelled(mailbox: Mailbox, value: string): Test {
  const wanted = value.toLowerCase();
  if (wanted === "anywhere") return () => true;
  const system = SYSTEM_LABELS.find((label) => label.toLowerCase() === (wanted === "drafts" ? "draft" : wanted));
  if (system !== undefined) return (message) => message.labels.has(system);
  const user = [...mailbox.labels.values()].find(
    (label) => label.name.toLowerCase().replace(/[ /]/g, "-") === wanted || label.name.toLowerCase() === wanted,
  );
  return (message) => user !== undefined && message.labels.has(user.id);
}

function flagged(value: string): Test {
  switch (value) {
    case "unread":
    case "starred":
    case "important":
      return (message) => message.labels.has(value.toUpperCase());
    case "read":
      return (message) => !message.labels.has("UNREAD");
    default:
      return () => false;
  }
}

function mentions(header: string, wanted: string): Test {
  return (message) => {
    const value = headerValue(message.headers, header) ?? "";
    return addressesIn(value).includes(wanted) || includesText(value, wanted);
  };
}

function hasAttachment(message: StoredMessage): boolean {
  return leaves(readParts(message.raw)).some((part) => part.filename !== "");
}

function contains(value: string): Test {
  return (message) => {
    if (includesText(headerValue(message.headers, "subject") ?? "", value)) return true;
    return leaves(readParts(message.raw)).some(
      (part) => part.mimeType.startsWith("text/") && includesText(part.content.toString("utf8"), value),
    );
  };
}

const includesText = (text: string, wanted: string): boolean => text.toLowerCase().includes(wanted.toLowerCase());

function readMoment(value: string): number {
  if (/^\d{5,}$/.test(value)) return Number(value) * 1_000;
  const [, year, month, day] = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})$/.exec(value) ?? [];
  if (year === undefined) throw new GoogleError(501, "notImplemented", "The sandbox does not understand this date");
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) + PACIFIC_OFFSET_MS;
}
