import { CONFIDENCES, type Confidence, type Tally } from "../core/finding.ts";
import type { DetectorCondition } from "../core/policy.ts";
import type { PartChoice } from "./part-choice.ts";

/** What one detector contributed to a rule's match, for notices and explanations. Free of values. */
export interface DetectorMatch {
  readonly detector: string;
  /** Paths of the parts, in the order of the tallies. */
  readonly parts: readonly string[];
  /** Distinct values over all of those parts. */
  readonly count: number;
  readonly occurrences: number;
  /** The highest among what counted. */
  readonly confidence: Confidence;
}

/** Counts findings of one message for any number of rules; equal questions are answered from memory. */
export interface Counter {
  /** What the condition's detectors found; undefined when that is not more than its threshold. */
  matches(condition: DetectorCondition, parts: PartChoice): readonly DetectorMatch[] | undefined;
}

interface Count extends DetectorMatch {
  /** Distinct values that are not only in text quoted from earlier in the thread. */
  readonly fresh: number;
}

export function counterOf(tallies: readonly Tally[]): Counter {
  const byDetector = new Map<string, Tally[]>();
  for (const tally of tallies) {
    const list = byDetector.get(tally.detector);
    if (list === undefined) byDetector.set(tally.detector, [tally]);
    else list.push(tally);
  }
  const known = new Map<string, Count | undefined>();

  function count(detector: string, least: Confidence, parts: PartChoice): Count | undefined {
    const found = byDetector.get(detector);
    if (found === undefined) return undefined;
    const key = `${least}|${detector}|${parts.key}`;
    if (!known.has(key)) known.set(key, countOf(detector, found, least, parts));
    return known.get(key);
  }

  return {
    matches: ({ detectors, confidence, count: what, threshold }, parts) => {
      const counts = detectors.flatMap((detector) => count(detector, confidence, parts) ?? []);
      const sum = counts.reduce((total, each) => total + measure(each, what), 0);
      return sum > threshold ? counts.map(({ fresh: _, ...match }) => match) : undefined;
    },
  };
}

function measure(count: Count, what: DetectorCondition["count"]): number {
  if (what === "all") return count.occurrences;
  return what === "new" ? count.fresh : count.count;
}

function countOf(detector: string, tallies: readonly Tally[], least: Confidence, parts: PartChoice): Count | undefined {
  const counted = tallies.filter(
    (tally) => levelOf(tally.confidence) >= levelOf(least) && tally.occurrences > 0 && parts.includes(tally.part),
  );
  if (counted.length === 0) return undefined;
  return {
    detector,
    parts: [...new Set(counted.map((tally) => tally.part))],
    // The same value in two parts, or at two levels, is one value.
    count: distinct(counted.map((tally) => tally.fingerprints)),
    fresh: distinct(counted.map((tally) => tally.fresh ?? tally.fingerprints)),
    occurrences: counted.reduce((sum, tally) => sum + tally.occurrences, 0),
    confidence: CONFIDENCES[Math.max(...counted.map((tally) => levelOf(tally.confidence)))] ?? least,
  };
}

function distinct(lists: readonly (readonly string[])[]): number {
  const [only] = lists;
  const all = new Set(only);
  for (const list of lists.slice(1)) for (const fingerprint of list) all.add(fingerprint);
  return all.size;
}

function levelOf(confidence: Confidence): number {
  return CONFIDENCES.indexOf(confidence);
}
