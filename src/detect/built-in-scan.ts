import type { Evidence } from "../core/finding.ts";
import type { Part } from "../core/part.ts";
import type { Policy } from "../core/policy.ts";
import { type BuiltInDetector, compact, type Match } from "./detector.ts";
import { createPartContext, LABEL_WEIGHT, type PartContext } from "./evidence/context.ts";
import { goesOnInGroups } from "./evidence/digit-groups.ts";
import { createKeywordMatcher, type KeywordMatcher } from "./evidence/keywords.ts";
import { checksumWeight, confidenceOf, oneLevelLower, sumOf } from "./evidence/score.ts";
import { numberSurroundings, tokenSurroundings } from "./evidence/surroundings.ts";
import type { Hit } from "./hit.ts";
import { createBlockScan, type OwnedShape } from "./scan/block-scan.ts";
import { type ByteView, foldedView, isAscii, rawView } from "./views/folded.ts";

/** A written value may end earlier than its shape does: at one of its last so many separators. */
const MAX_TRIMS = 8;

interface Prepared {
  readonly detector: BuiltInDetector;
  readonly keywords: KeywordMatcher | undefined;
}

/** Finds what the built-in detectors look for in one part. */
export type BuiltInScan = (part: Part) => readonly Hit[];

export function createBuiltInScan(
  detectors: readonly BuiltInDetector[],
  testNumbers: Policy["testNumbers"],
): BuiltInScan {
  const prepared: readonly Prepared[] = detectors.map((detector) => ({
    detector,
    keywords: createKeywordMatcher(detector.context),
  }));
  const shapesOf = (view: BuiltInDetector["view"]): readonly OwnedShape[] =>
    detectors.flatMap((detector, owner) =>
      detector.view === view ? detector.shapes.map((shape) => ({ owner, shape })) : [],
    );
  const scanBoth = createBlockScan([...shapesOf("folded"), ...shapesOf("raw")]);
  const scanFolded = createBlockScan(shapesOf("folded"));
  const scanRaw = createBlockScan(shapesOf("raw"));

  return (part) => {
    const spaced = withSpaces(part);
    const folded = foldedView(spaced);
    const same = spaced === part.text && folded.bytes.length === part.text.length && isAscii(part.text);
    const raw = same ? folded : rawView(part.text);
    const context = createPartContext(part);
    const hits: Hit[] = [];
    const examine = (owner: number, view: ByteView, match: Match): number => {
      const found = prepared[owner];
      if (found === undefined) return match.start + 1;
      const hit = judge(found, view, match, context, testNumbers);
      if (hit === undefined) return match.start + 1;
      hits.push(hit.hit);
      return hit.viewEnd;
    };
    const onShape =
      (view: ByteView) =>
      ({ owner, shape }: OwnedShape, start: number, end: number): number =>
        examine(owner, view, { start, end, weight: shape.weight, note: shape.note });

    if (same) scanBoth(folded.bytes, onShape(folded));
    else {
      scanFolded(folded.bytes, onShape(folded));
      scanRaw(raw.bytes, onShape(raw));
    }
    for (const [owner, { detector }] of prepared.entries()) {
      const view = detector.view === "raw" ? raw : folded;
      for (const match of detector.find?.(view) ?? []) examine(owner, view, match);
    }
    return applyBulk(detectors, hits);
  };
}

/** What stands for a space: underscores in names of files, tabs outside of tables. Takes as much room as before. */
function withSpaces({ text, origin, layout }: Part): string {
  const named = origin === "metadata" ? text.replaceAll("_", " ") : text;
  return layout === "prose" ? named.replaceAll("\t", " ") : named;
}

function judge(
  { detector, keywords }: Prepared,
  view: ByteView,
  match: Match,
  context: PartContext,
  testNumbers: Policy["testNumbers"],
): { readonly hit: Hit; readonly viewEnd: number } | undefined {
  const valid = validEnd(detector, view.bytes, match);
  if (valid === undefined) return undefined;
  const { end, canonical } = valid;
  const surroundings =
    detector.surroundings === "number"
      ? numberSurroundings(view.bytes, match.start, end)
      : tokenSurroundings(view.bytes, match.start, end);
  if (surroundings === "reject") return undefined;
  const isTest = detector.isTestValue?.(canonical) ?? false;
  if (isTest && testNumbers === "ignore") return undefined;

  const valueStart = match.start + (detector.valueAt?.(view.bytes.toString("latin1", match.start, end)) ?? 0);
  const start = view.map.start(valueStart);
  const originalEnd = view.map.end(end);
  const why: Evidence[] = [{ kind: "format", detail: match.note, weight: match.weight }];
  if (detector.validator !== undefined) {
    const weight = checksumWeight(detector.validator.passRate);
    why.push({ kind: "checksum", detail: detector.validator.description, weight });
  }
  const keyword = keywords && context.evidence(keywords, start, originalEnd, detector.needsLabel ?? false);
  if (detector.needsLabel && (keyword === undefined || keyword.weight < LABEL_WEIGHT)) return undefined;
  if (detector.surroundings === "number" && goesOnInGroups(view.bytes, match.start, end)) {
    if (keyword === undefined) return undefined;
    why.push({ kind: "counter-evidence", detail: "the groups of digits go on", weight: -0.2 });
  }
  if (keyword !== undefined) why.push(keyword);
  why.push(...surroundings);
  let score = sumOf(why);
  if (isTest && testNumbers === "lower") {
    const lowered = oneLevelLower(score);
    why.push({ kind: "test-number", detail: "published for tests", weight: lowered - score });
    score = lowered;
  }
  const hit: Hit = {
    detector: detector.id,
    mask: detector.mask,
    start,
    end: originalEnd,
    score,
    confidence: confidenceOf(score),
    why,
    canonical,
    custom: false,
  };
  return { hit, viewEnd: end };
}

/** The end at which the value is valid: of the whole match, or before one of its last separators. */
function validEnd(
  detector: BuiltInDetector,
  bytes: Buffer,
  match: Match,
): { readonly end: number; readonly canonical: string } | undefined {
  const toCanonical = detector.canonical ?? compact;
  let text = bytes.toString("latin1", match.start, match.end);
  for (let trims = 0; trims <= MAX_TRIMS; trims++) {
    const canonical = toCanonical(text);
    if (detector.validator?.check(canonical) ?? true) return { end: match.start + text.length, canonical };
    const cut = text.search(/[ .\r\n-]+[^ .\r\n-]*$/);
    if (cut <= 0) return undefined;
    text = text.slice(0, cut);
  }
  return undefined;
}

/** Raises values of detectors that count in bulk when enough different ones stand in the part. */
function applyBulk(detectors: readonly BuiltInDetector[], hits: readonly Hit[]): readonly Hit[] {
  let result = hits;
  for (const { id, bulk } of detectors) {
    if (bulk === undefined) continue;
    const values = new Set<string>();
    for (const hit of result) if (hit.detector === id) values.add(hit.canonical);
    if (values.size <= bulk.moreThan) continue;
    const evidence: Evidence = {
      kind: "format",
      detail: `more than ${bulk.moreThan} different ones in this part`,
      weight: bulk.weight,
    };
    result = result.map((hit) => {
      if (hit.detector !== id) return hit;
      const why = [...hit.why, evidence];
      const score = sumOf(why);
      return { ...hit, why, score, confidence: confidenceOf(score) };
    });
  }
  return result;
}
