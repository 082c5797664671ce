import { createHmac } from "node:crypto";
import { CONFIDENCES, type Detection, type Finding, type Tally } from "../core/finding.ts";
import type { Part } from "../core/part.ts";
import type { Hit } from "./hit.ts";
import { maskValue } from "./masking.ts";
import { quotedSpans } from "./quoted.ts";
import { lastAtOrBelow } from "./views/offset-map.ts";

/** Findings kept for each message; counts beyond it stay exact in the tallies. */
const MAX_FINDINGS = 1_000;

/** Occurrences with at least low, medium, high confidence. */
type Counts = [low: number, medium: number, high: number];

interface PartTally {
  readonly detector: string;
  readonly part: string;
  /** By alternative, then by canonical value. */
  readonly alternatives: Map<string, Map<string, Counts>>;
  /** Values that stand in quoted text, and those that stand outside it, by alternative; for `count: new`. */
  readonly quoted: Set<string>;
  readonly fresh: Set<string>;
}

export interface Collector {
  add(part: Part, hits: readonly Hit[]): void;
  finish(): Detection;
}

/**
 * Counts hits and keeps the most confident ones. The text and the HTML alternative of a body are one part: a value's
 * occurrences there are those of the alternative that has most.
 */
export function createCollector(key: Uint8Array, reveal: boolean): Collector {
  const tallies = new Map<string, PartTally>();
  const fingerprints = new Map<string, string>();
  const kept: Finding[][] = [[], [], []];

  function fingerprint(detector: string, canonical: string): string {
    const name = `${detector}\u0000${canonical}`;
    let print = fingerprints.get(name);
    if (print === undefined) {
      print = createHmac("sha256", key).update(name).digest("hex").slice(0, 16);
      fingerprints.set(name, print);
    }
    return print;
  }

  return {
    add(part, hits) {
      const alternative = part.origin === "body" ? part.mediaType : "";
      const isQuoted = part.origin === "body" && hits.length > 0 ? quotedAt(part.text) : () => false;
      for (const hit of hits) {
        const tally = tallyOf(tallies, hit.detector, part.path);
        const values = valuesOf(tally.alternatives, alternative);
        (isQuoted(hit.start) ? tally.quoted : tally.fresh).add(`${alternative}\u0000${hit.canonical}`);
        const counts = values.get(hit.canonical) ?? [0, 0, 0];
        values.set(hit.canonical, counts);
        const level = CONFIDENCES.indexOf(hit.confidence);
        for (let index = 0; index <= level; index++) counts[index as 0 | 1 | 2]++;
        const bucket = kept[level];
        if (bucket === undefined || bucket.length >= MAX_FINDINGS) continue;
        if (countIn(tally.alternatives, alternative, hit.canonical) >= counts[0]) continue;
        bucket.push({
          detector: hit.detector,
          part: part.path,
          span: { start: hit.start, end: hit.end },
          confidence: hit.confidence,
          score: hit.score,
          masked: maskValue(part.text.slice(hit.start, hit.end), hit.mask),
          fingerprint: fingerprint(hit.detector, hit.canonical),
          why: hit.why,
        });
      }
    },
    finish() {
      const findings = kept
        .flat()
        .sort((a, b) => b.score - a.score)
        .slice(0, MAX_FINDINGS);
      const counted: Tally[] = [];
      const revealed: { detector: string; part: string; values: string[] }[] = [];
      for (const tally of tallies.values()) {
        const values = mergeAlternatives([...tally.alternatives.values()]);
        for (const [level, confidence] of CONFIDENCES.entries()) {
          let occurrences = 0;
          const prints: string[] = [];
          const fresh: string[] | undefined = tally.quoted.size > 0 ? [] : undefined;
          for (const [canonical, counts] of values) {
            const own = (counts[level] ?? 0) - (counts[level + 1] ?? 0);
            if (own <= 0) continue;
            occurrences += own;
            const print = fingerprint(tally.detector, canonical);
            prints.push(print);
            if (isFresh(tally, canonical)) fresh?.push(print);
          }
          if (occurrences === 0) continue;
          const { detector, part } = tally;
          counted.push({ detector, part, confidence, occurrences, fingerprints: prints, ...(fresh && { fresh }) });
        }
        if (reveal) revealed.push({ detector: tally.detector, part: tally.part, values: [...values.keys()] });
      }
      return reveal ? { findings, tallies: counted, revealed } : { findings, tallies: counted };
    },
  };
}

function tallyOf(tallies: Map<string, PartTally>, detector: string, part: string): PartTally {
  const name = `${detector}\u0000${part}`;
  const tally = tallies.get(name) ?? { detector, part, alternatives: new Map(), quoted: new Set(), fresh: new Set() };
  tallies.set(name, tally);
  return tally;
}

/** Outside quoted text in every alternative that has the value: HTML loses marks that plain text keeps. */
function isFresh(tally: PartTally, canonical: string): boolean {
  return [...tally.alternatives.keys()].every((alternative) => {
    const name = `${alternative}\u0000${canonical}`;
    return tally.fresh.has(name) || !tally.quoted.has(name);
  });
}

function quotedAt(text: string): (offset: number) => boolean {
  const spans = quotedSpans(text);
  if (spans.length === 0) return () => false;
  const starts = spans.map(({ start }) => start);
  return (offset) => {
    const span = spans[lastAtOrBelow(starts, offset)];
    return span !== undefined && span.start <= offset && offset < span.end;
  };
}

function valuesOf(alternatives: PartTally["alternatives"], alternative: string): Map<string, Counts> {
  const values = alternatives.get(alternative) ?? new Map<string, Counts>();
  alternatives.set(alternative, values);
  return values;
}

/** How often another alternative has the value: those occurrences have their findings already. */
function countIn(alternatives: PartTally["alternatives"], except: string, canonical: string): number {
  let most = 0;
  for (const [name, values] of alternatives) {
    if (name !== except) most = Math.max(most, values.get(canonical)?.[0] ?? 0);
  }
  return most;
}

function mergeAlternatives(alternatives: readonly Map<string, Counts>[]): Map<string, Counts> {
  const [first, ...rest] = alternatives;
  if (first === undefined) return new Map();
  for (const other of rest) {
    for (const [canonical, counts] of other) {
      const merged = first.get(canonical);
      if (merged === undefined) first.set(canonical, counts);
      else
        for (const [index, count] of counts.entries()) merged[index as 0 | 1 | 2] = Math.max(merged[index] ?? 0, count);
    }
  }
  return first;
}
