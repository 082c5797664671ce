import type { Evidence } from "../core/finding.ts";
import { type BuiltInDetector, compact, type Match } from "./detector.ts";
import { goesOnInGroups } from "./evidence/digit-groups.ts";
import { numberSurroundings, tokenSurroundings } from "./evidence/surroundings.ts";
import type { ByteView } from "./views/folded.ts";

/** A match that passes its check and stands for itself; what stands further away is still to be looked at. */
export interface Candidate {
  readonly detector: BuiltInDetector;
  /** Number of the detector. */
  readonly owner: number;
  readonly match: Match;
  /** Where the value ends in the view: where its shape does or earlier. */
  readonly end: number;
  /** Where it begins and ends in the original text. */
  readonly original: { readonly start: number; readonly end: number };
  readonly canonical: string;
  readonly surroundings: readonly Evidence[];
  /** Groups of digits of the same size go on beside it. */
  readonly goesOn: boolean;
}

/** A written value may end earlier than its shape does: at one of its last so many separators. */
const MAX_TRIMS = 8;

/** Undefined when the match is none. @param varies whether the value may end earlier than the match. */
export function examine(
  detector: BuiltInDetector,
  owner: number,
  view: ByteView,
  match: Match,
  varies: boolean,
): Candidate | undefined {
  const { bytes, map } = view;
  const text = bytes.toString("latin1", match.start, match.end);
  const valid = validPrefix(detector, text, varies);
  if (valid === undefined) return undefined;
  const { length, canonical } = valid;
  const end = match.start + length;
  const isNumber = detector.surroundings === "number";
  const surroundings = isNumber
    ? numberSurroundings(bytes, match.start, end)
    : tokenSurroundings(bytes, match.start, end);
  if (surroundings === "reject") return undefined;
  const valueAt = detector.valueAt?.(text.slice(0, length)) ?? 0;
  const original = { start: map.start(match.start + valueAt), end: map.end(end) };
  const goesOn = isNumber && goesOnInGroups(bytes, match.start, end);
  return { detector, owner, match, end, original, canonical, surroundings, goesOn };
}

/** The part of the match that is valid: all of it, or what stands before one of its last separators. */
function validPrefix(
  { canonical: toCanonical = compact, validator }: BuiltInDetector,
  matched: string,
  varies: boolean,
): { readonly length: number; readonly canonical: string } | undefined {
  let text = matched;
  for (let trims = 0; trims <= MAX_TRIMS; trims++) {
    const canonical = toCanonical(text);
    if (validator?.check(canonical) ?? true) return { length: text.length, canonical };
    const cut = varies ? text.search(/[ .\r\n-]+[^ .\r\n-]*$/) : 0;
    if (cut <= 0) return undefined;
    text = text.slice(0, cut);
  }
  return undefined;
}
