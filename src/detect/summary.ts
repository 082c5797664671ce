import { CONFIDENCES, type Confidence, type Detection, type FindingSummary } from "../core/finding.ts";

const MAX_SAMPLES = 10;

interface Entry {
  readonly detector: string;
  readonly part: string;
  readonly fingerprints: Set<string>;
  readonly masked: string[];
  readonly sampled: Set<string>;
  occurrences: number;
  confidence: Confidence;
}

/** One entry for each detector and part: distinct values, occurrences, highest confidence, up to ten masked samples. */
export function summarise(detection: Detection): readonly FindingSummary[] {
  const entries = new Map<string, Entry>();
  for (const tally of detection.tallies) {
    const key = keyOf(tally.detector, tally.part);
    const entry: Entry = entries.get(key) ?? {
      detector: tally.detector,
      part: tally.part,
      fingerprints: new Set(),
      masked: [],
      sampled: new Set(),
      occurrences: 0,
      confidence: "low",
    };
    entries.set(key, entry);
    for (const fingerprint of tally.fingerprints) entry.fingerprints.add(fingerprint);
    entry.occurrences += tally.occurrences;
    if (rank(tally.confidence) > rank(entry.confidence)) entry.confidence = tally.confidence;
  }
  for (const finding of detection.findings) {
    const entry = entries.get(keyOf(finding.detector, finding.part));
    if (entry === undefined || entry.masked.length >= MAX_SAMPLES || entry.sampled.has(finding.fingerprint)) continue;
    entry.sampled.add(finding.fingerprint);
    entry.masked.push(finding.masked);
  }
  return [...entries.values()].map(({ detector, part, fingerprints, occurrences, confidence, masked }) => ({
    detector,
    part,
    count: fingerprints.size,
    occurrences,
    confidence,
    masked,
  }));
}

function keyOf(detector: string, part: string): string {
  return `${detector}\u0000${part}`;
}

function rank(confidence: Confidence): number {
  return CONFIDENCES.indexOf(confidence);
}
