import type { Evidence } from "../core/finding.ts";
import type { Policy } from "../core/policy.ts";
import type { Candidate } from "./candidate.ts";
import { LABEL_WEIGHT, type PartContext } from "./evidence/context.ts";
import { checksumWeight, confidenceOf, oneLevelLower, sumOf } from "./evidence/score.ts";
import type { Hit } from "./hit.ts";

/** What the groups of digits beside a number take from it, when a keyword speaks for it all the same. */
const GOES_ON_WEIGHT = -0.2;

/** Adds up what speaks for and against a candidate. Undefined when it is no finding at all. */
export function judge(
  { detector, owner, match, original, canonical, surroundings, goesOn }: Candidate,
  context: PartContext,
  testNumbers: Policy["testNumbers"],
): Hit | undefined {
  const isTest = detector.isTestValue?.(canonical) ?? false;
  if (isTest && testNumbers === "ignore") return undefined;
  const needsLabel = detector.needsLabel ?? false;
  const keyword = context.evidence(owner, original.start, original.end, needsLabel);
  if (needsLabel && (keyword === undefined || keyword.weight < LABEL_WEIGHT)) return undefined;
  if (goesOn && keyword === undefined) return undefined;

  const why: Evidence[] = [{ kind: "format", detail: match.note, weight: match.weight }];
  const { validator } = detector;
  if (validator !== undefined)
    why.push({ kind: "checksum", detail: validator.description, weight: checksumWeight(validator.passRate) });
  if (goesOn) why.push({ kind: "counter-evidence", detail: "the groups of digits go on", weight: GOES_ON_WEIGHT });
  if (keyword !== undefined) why.push(keyword);
  why.push(...surroundings);
  let score = sumOf(why);
  if (isTest && testNumbers === "lower") {
    const lowered = oneLevelLower(score);
    why.push({ kind: "test-number", detail: "published for tests", weight: lowered - score });
    score = lowered;
  }
  return {
    detector: detector.id,
    mask: detector.mask,
    start: original.start,
    end: original.end,
    score,
    confidence: confidenceOf(score),
    why,
    canonical,
    custom: false,
  };
}
