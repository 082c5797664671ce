import type { Evidence } from "../core/finding.ts";
import type { BuiltInDetector } from "./detector.ts";
import { confidenceOf, sumOf } from "./evidence/score.ts";
import type { Hit } from "./hit.ts";

/** Raises values of detectors that count in bulk when enough different ones stand in the part. */
export function applyBulk(detectors: readonly BuiltInDetector[], hits: readonly Hit[]): readonly Hit[] {
  const raising = new Map<string, Evidence>();
  for (const { id, bulk } of detectors) {
    if (bulk === undefined) continue;
    const values = new Set<string>();
    for (const hit of hits) if (hit.detector === id) values.add(hit.canonical);
    if (values.size <= bulk.moreThan) continue;
    const detail = `more than ${bulk.moreThan} different ones in this part`;
    raising.set(id, { kind: "format", detail, weight: bulk.weight });
  }
  if (raising.size === 0) return hits;
  return hits.map((hit) => {
    const evidence = raising.get(hit.detector);
    if (evidence === undefined) return hit;
    const why = [...hit.why, evidence];
    const score = sumOf(why);
    return { ...hit, why, score, confidence: confidenceOf(score) };
  });
}
