import type { Evidence } from "../../core/finding.ts";
import { FOLD_LETTER } from "../views/fold-table.ts";

/** Longest token that is looked at around a match, on each side: a SHA-512 hash has 128 characters. */
const TOKEN_REACH = 136;
/** A URL is recognised when its beginning is no further away. */
const URL_REACH = 256;
const LABEL_REACH = 40;

const SPACE = 32;
const AT = 64;
const COLON = 58;
const DOT = 46;
const ENDS_WORD = Buffer.from("\"'<>()");

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;
const HASH = /^[0-9a-f]{32,}$/i;
/** Labels of numbers that are something else, directly before the number. */
const OTHER_LABEL =
  /\b(?:order|invoice|inv|tracking|shipment|parcel|ticket|case|cause|po|rma|ref|reference|serial|part|sku|batch|build|job|request|incident|transaction|booking|confirmation|bestellung|rechnung|auftrag|commande|facture|pedido|factura|ordine|fattura|zamówienie)(?:[ _-]?(?:no|number|num|nr|id|code|nummer|numéro))?[ .:#=-]{0,3}$/i;

/**
 * What stands around a number and speaks against it. `reject` when it cannot be one: a piece of something longer.
 * Looks at a bounded piece of the view on both sides.
 */
export function numberSurroundings(bytes: Buffer, start: number, end: number): "reject" | readonly Evidence[] {
  const before = bytes[start - 1] ?? 0;
  const after = bytes[end] ?? 0;
  if (before === FOLD_LETTER || after === FOLD_LETTER) return "reject";
  if (joinsDigits(before, bytes[start - 2] ?? 0) || joinsDigits(after, bytes[end + 1] ?? 0)) return "reject";
  if (char(before) === "+" || char(before) === "$") return "reject";
  if (char(before) === "," && char(bytes[start - 2] ?? 0) === "0" && !isDigit(bytes[start - 3] ?? 0)) return "reject";
  if (isInLongerToken(bytes, start, end)) return "reject";
  const evidence: Evidence[] = [];
  if (isInAddress(bytes, start, end)) {
    evidence.push({ kind: "counter-evidence", detail: "part of a web or mail address", weight: -0.35 });
  }
  const label = OTHER_LABEL.exec(bytes.toString("latin1", Math.max(0, start - LABEL_REACH), start));
  if (label !== null) {
    evidence.push({ kind: "counter-evidence", detail: "labelled as another kind of number", weight: -0.35 });
  }
  return evidence;
}

/** For tokens with a form of their own: only an address around them speaks against them. */
export function tokenSurroundings(bytes: Buffer, start: number, end: number): "reject" | readonly Evidence[] {
  if (bytes[start - 1] === FOLD_LETTER || bytes[end] === FOLD_LETTER) return "reject";
  return [];
}

/** A dot or dash with a digit behind it: the number goes on. */
function joinsDigits(joint: number, beyond: number): boolean {
  return (char(joint) === "." || char(joint) === "-") && isDigit(beyond);
}

function isInLongerToken(bytes: Buffer, start: number, end: number): boolean {
  const tokenStart = walk(bytes, start, -1);
  const tokenEnd = walk(bytes, end - 1, 1) + 1;
  if (tokenStart >= start && tokenEnd <= end) return false;
  const token = bytes.toString("latin1", Math.min(tokenStart, start), Math.max(tokenEnd, end));
  if (UUID.test(token) || HASH.test(token.replaceAll("-", ""))) return true;
  const prefix = bytes.toString("latin1", Math.min(tokenStart, start), start);
  const suffix = bytes.toString("latin1", end, Math.max(tokenEnd, end));
  // `SSN-734-12-3456` is a label, `1Z9-734-12-3456` a longer number.
  return !/^(?:[A-Za-z-]{0,16}-)?$/.test(prefix) || !/^(?:-[A-Za-z-]{0,16})?$/.test(suffix);
}

/** The last position from `at` in steps of `step` on letters, digits and dashes, within reach. */
function walk(bytes: Buffer, at: number, step: 1 | -1): number {
  let last = at;
  for (let reach = 0; reach < TOKEN_REACH; reach++) {
    const code = bytes[last + step];
    if (code === undefined || !(isDigit(code) || isLetter(code) || char(code) === "-")) break;
    last += step;
  }
  return last;
}

function isInAddress(bytes: Buffer, start: number, end: number): boolean {
  for (let to = end; to - end < LABEL_REACH && to < bytes.length && !endsWord(bytes[to] ?? 0); to++) {
    if (bytes[to] === AT) return true;
  }
  let from = start;
  let hasMark = false;
  while (from > 0 && start - from < URL_REACH && !endsWord(bytes[from - 1] ?? 0)) {
    from--;
    if (bytes[from] === AT) return true;
    if (bytes[from] === COLON || bytes[from] === DOT) hasMark = true;
  }
  return hasMark && /^(?:[a-z][a-z0-9+.-]{1,12}:\/\/|www\.|mailto:)/i.test(bytes.toString("latin1", from, start));
}

/** White space, control characters and what may stand around an address. */
function endsWord(code: number): boolean {
  return code <= SPACE || ENDS_WORD.includes(code);
}

function char(code: number): string {
  return String.fromCharCode(code);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
