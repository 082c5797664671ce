import type { Confidence, Evidence } from "../../core/finding.ts";
import type { Part } from "../../core/part.ts";
import { compact } from "../detector.ts";
import { checksumWeight, confidenceOf, HIGH_FROM, MEDIUM_FROM, sumOf } from "../evidence/score.ts";
import type { Hit } from "../hit.ts";
import { normalisedView } from "../views/normalised.ts";
import { identityMap, type OffsetMap } from "../views/offset-map.ts";
import type { SkipList } from "../views/skip-list.ts";
import type { CustomDetector } from "./definition.ts";
import { createPatternScan } from "./pattern-scan.ts";
import { createWordScan } from "./word-scan.ts";

/** An administrator's pattern says exactly what must not leave: medium by itself. */
const BASE_WEIGHT = 0.55;
/** When words near are what makes it medium. */
const LOW_WEIGHT = 0.3;
/** A word that begins within reach may end beyond it: longest word or phrase. */
const LONGEST_WORD = 200;

/** Finds what the policy's own patterns and word lists look for in one part. */
export type CustomScan = (part: Part) => readonly Hit[];

export function createCustomScan(detectors: readonly CustomDetector[], skip: SkipList): CustomScan {
  const normalised = detectors.filter(
    ({ definition, pattern }) => pattern !== undefined && definition.text === "normalised",
  );
  const raw = detectors.filter(({ definition, pattern }) => pattern !== undefined && definition.text === "raw");
  const lists = detectors.filter(({ words }) => words !== undefined);
  const scanNormalised = createPatternScan(
    normalised.map(({ pattern }) => pattern ?? ""),
    "iu",
  );
  const scanRaw = createPatternScan(
    raw.map(({ pattern }) => pattern ?? ""),
    "u",
  );
  const scanWords = createWordScan(lists.map(({ words }) => words ?? []));

  return (part) => {
    const hits: Hit[] = [];
    const examine = (detector: CustomDetector | undefined, map: OffsetMap, start: number, end: number): void => {
      const hit = detector && judge(detector, part.text, map.start(start), map.end(end));
      if (hit !== undefined) hits.push(hit);
    };
    if (normalised.length > 0 || lists.length > 0) {
      const view = normalisedView(part.text, skip);
      scanNormalised(view.text, ({ pattern, start, end }) => examine(normalised[pattern], view.map, start, end));
      scanWords(view.text, ({ list, start, end }) => examine(lists[list], view.map, start, end));
    }
    scanRaw(part.text, ({ pattern, start, end }) => examine(raw[pattern], identityMap, start, end));
    return hits;
  };
}

function judge(detector: CustomDetector, text: string, start: number, end: number): Hit | undefined {
  const { definition, validator, near } = detector;
  const value = text.slice(start, end);
  if (validator !== undefined && !validator.check(compact(value))) return undefined;
  if (detector.isExcluded(value)) return undefined;
  const raises = definition.near?.raises;
  const kind = detector.words === undefined ? "pattern" : "word list";
  const why: Evidence[] = [
    { kind: "format", detail: `${kind} of the policy`, weight: raises === "medium" ? LOW_WEIGHT : BASE_WEIGHT },
  ];
  if (validator !== undefined) {
    why.push({ kind: "checksum", detail: validator.description, weight: checksumWeight(validator.passRate) });
  }
  if (near !== undefined && definition.near !== undefined) {
    const keyword = nearest(near, text, start, end, definition.near.within);
    if (keyword !== undefined) {
      const weight = Math.max(0, floorOf(definition.near.raises) - sumOf(why));
      why.push({ kind: "keyword", detail: `"${keyword.word}" ${keyword.distance} characters away`, weight });
    }
  }
  const score = sumOf(why);
  return {
    detector: definition.id,
    mask: definition.mask,
    start,
    end,
    score,
    confidence: confidenceOf(score),
    why,
    canonical: value.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim(),
    custom: true,
  };
}

function nearest(
  matcher: NonNullable<CustomDetector["near"]>,
  text: string,
  start: number,
  end: number,
  within: number,
): { readonly word: string; readonly distance: number } | undefined {
  const reach = within + LONGEST_WORD;
  const from = Math.max(0, start - reach);
  let best: { readonly word: string; readonly distance: number } | undefined;
  const consider = (word: string, distance: number): void => {
    if (distance <= within && (best === undefined || distance < best.distance)) best = { word, distance };
  };
  const before = text.slice(from, start);
  for (const found of matcher.find(before)) consider(found.word, before.length - found.end);
  for (const found of matcher.find(text.slice(end, end + reach))) consider(found.word, found.start);
  return best;
}

function floorOf(confidence: Confidence): number {
  if (confidence === "high") return HIGH_FROM + 0.05;
  return confidence === "medium" ? MEDIUM_FROM + 0.05 : 0;
}
