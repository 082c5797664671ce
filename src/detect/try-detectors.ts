import type { Confidence } from "../core/finding.ts";
import type { Part } from "../core/part.ts";
import type { DetectorDefinition, Policy } from "../core/policy.ts";
import { createBuiltInScan } from "./built-in-scan.ts";
import { prepareDefinition } from "./custom/definition.ts";
import { createCustomScan } from "./custom/scan.ts";
import type { BuiltInDetector } from "./detector.ts";
import type { Hit } from "./hit.ts";
import { maskValue } from "./masking.ts";
import { resolveOverlaps } from "./overlaps.ts";
import { builtInDetectors } from "./registry.ts";
import { millisecondsPerMegabyte } from "./trial-cost.ts";
import { MAX_TRIED_TEXT, tryPattern } from "./try-pattern.ts";
import { FOLD_LETTER, FOLD_OTHER } from "./views/fold-table.ts";
import { foldedView } from "./views/folded.ts";
import { normalisedView } from "./views/normalised.ts";
import { createSkipList, type SkipList } from "./views/skip-list.ts";

/** What one detector finds in a text that somebody tries. */
export interface DetectorTrial {
  readonly detector: string;
  readonly builtIn: boolean;
  /** Which view of the text it saw, and the text in that view; a folded view shows � for what it cannot tell. */
  readonly view: "raw" | "normalised" | "folded";
  readonly seen: string;
  /** For instance that the skip list changed the pattern. */
  readonly warning: string | null;
  /** Places where the pattern matches, before validator and exclusions; null for what is no pattern of the policy. */
  readonly matched: number | null;
  /** In the text as it was given; at most 100. */
  readonly found: readonly TrialFinding[];
  readonly count: number;
  readonly millisecondsPerMegabyte: number;
}

export interface TrialFinding {
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly masked: string;
  readonly confidence: Confidence;
  readonly why: readonly string[];
}

const MAX_FOUND = 100;

/**
 * Tries a policy's own detectors and those built-in ones that find something; as in a message, one place is one
 * finding. Exact data and fingerprints are left out: what they look for is in the running service only.
 */
export function tryDetectors(
  text: string,
  policy: Pick<Policy, "detectors" | "skipList" | "testNumbers">,
): readonly DetectorTrial[] {
  const tried = text.slice(0, MAX_TRIED_TEXT);
  const skip = createSkipList(policy.skipList);
  const definitions = policy.detectors.filter(({ exactData, fingerprint }) => (exactData ?? fingerprint) === undefined);
  const own = definitions.map((definition) => ({ definition, scan: scanOf(definition, skip) }));
  const part = partOf(tried);
  const hits = resolveOverlaps([
    ...createBuiltInScan(builtInDetectors, policy.testNumbers)(part),
    ...own.flatMap(({ scan }) => scan(part)),
  ]);
  const result = (detector: string, scan: Scan) => ({
    detector,
    ...resultOf(
      hits.filter((hit) => hit.detector === detector),
      tried,
    ),
    millisecondsPerMegabyte: millisecondsPerMegabyte((long) => scan(partOf(long)), tried),
  });
  const found = new Set(hits.map((hit) => hit.detector));
  return [
    ...own.map(({ definition, scan }) => ({
      ...result(definition.id, scan),
      ...viewOfDefinition(definition, tried, policy.skipList, skip),
    })),
    ...builtInDetectors
      .filter(({ id }) => found.has(id))
      .map((detector) => ({
        ...result(detector.id, createBuiltInScan([detector], policy.testNumbers)),
        ...viewOfBuiltIn(detector, tried),
      })),
  ];
}

type Scan = (part: Part) => readonly Hit[];
type View = Pick<DetectorTrial, "builtIn" | "view" | "seen" | "warning" | "matched">;

function scanOf(definition: DetectorDefinition, skip: SkipList): Scan {
  return createCustomScan([prepareDefinition(definition, skip)], skip);
}

function viewOfDefinition(
  { pattern, text: view }: DetectorDefinition,
  text: string,
  skipList: Policy["skipList"],
  skip: SkipList,
): View {
  const trial = pattern === undefined ? undefined : tryPattern({ pattern, text, view, skipList });
  if (trial?.ok === true)
    return { builtIn: false, view, seen: trial.seen, warning: trial.warning, matched: trial.count };
  const { text: seen } = normalisedView(text, skip);
  return { builtIn: false, view: "normalised", seen, warning: null, matched: null };
}

function viewOfBuiltIn({ view }: BuiltInDetector, text: string): View {
  const seen = view === "raw" ? text : placeholders(foldedView(text).bytes.toString("latin1"));
  return { builtIn: true, view, seen, warning: null, matched: null };
}

function resultOf(hits: readonly Hit[], text: string): Pick<DetectorTrial, "found" | "count"> {
  const found = hits
    .toSorted((a, b) => a.start - b.start)
    .slice(0, MAX_FOUND)
    .map(({ start, end, mask, confidence, why }) => {
      const value = text.slice(start, end);
      return { start, end, value, masked: maskValue(value, mask), confidence, why: why.map(({ detail }) => detail) };
    });
  return { found, count: hits.length };
}

function partOf(text: string): Part {
  return { path: "body", origin: "body", text, layout: "prose", mediaType: "text/plain" };
}

/** The placeholder bytes of characters outside ASCII, as people may see them. */
function placeholders(folded: string): string {
  const shown = "\uFFFD";
  return folded.replaceAll(String.fromCharCode(FOLD_OTHER), shown).replaceAll(String.fromCharCode(FOLD_LETTER), shown);
}
