import { CONFIDENCES } from "../core/finding.ts";
import type { Hit } from "./hit.ts";

/**
 * Settles what several built-in detectors say about the same characters: a piece of a longer value is not a value of
 * its own, and where one detector has reasons for its reading, guesses of others are dropped. Hits of administrators'
 * detectors all stay. Returns the hits in order of their place.
 */
export function resolveOverlaps(hits: readonly Hit[]): readonly Hit[] {
  const ordered = [...hits].sort((a, b) => a.start - b.start || b.end - a.end || b.score - a.score);
  const kept: Hit[] = [];
  /** Built-in hits that reach furthest so far, and that may still cover what comes. */
  let cluster: Hit[] = [];
  let clusterEnd = -1;
  const flush = (): void => {
    for (const hit of cluster) if (!cluster.some((other) => other !== hit && yields(hit, other))) kept.push(hit);
    cluster = [];
  };
  for (const hit of ordered) {
    if (hit.start >= clusterEnd || cluster.length >= MAX_CLUSTER) flush();
    cluster.push(hit);
    clusterEnd = Math.max(hit.start >= clusterEnd ? 0 : clusterEnd, hit.end);
  }
  flush();
  return kept;
}

/** Hits that are compared with one another at most; keeps the comparison linear in the number of hits. */
const MAX_CLUSTER = 64;

function yields(hit: Hit, other: Hit): boolean {
  if (hit.custom || other.custom) return false;
  const inside = other.start <= hit.start && hit.end <= other.end;
  if (!inside) return false;
  const longer = other.end - other.start > hit.end - hit.start;
  if (hit.detector === other.detector) return longer;
  // What is certain stands beside what contains it: a token in an address with a password is both.
  if (longer) return rank(other) > rank(hit) || (rank(other) === rank(hit) && hit.confidence !== "high");
  return hit.confidence === "low" && rank(other) > 0;
}

function rank(hit: Hit): number {
  return CONFIDENCES.indexOf(hit.confidence);
}
