import type { Confidence, Evidence } from "../../core/finding.ts";

/** Sums from here on are medium, high. docs/detectors.md shows how detectors reach them. */
export const MEDIUM_FROM = 0.5;
export const HIGH_FROM = 0.75;

/**
 * What passing a check is worth, from the share of random values that pass it too: 0.125 for each power of ten.
 * A check that one of ten random numbers passes earns 0.125, one that one of 10,000 passes 0.5.
 */
export function checksumWeight(passRate: number): number {
  return Math.min(0.5, Math.max(0, -0.125 * Math.log10(passRate)));
}

/** The sum of the evidence, kept within 0..1. */
export function sumOf(evidence: readonly Evidence[]): number {
  const sum = evidence.reduce((total, item) => total + item.weight, 0);
  return Math.round(Math.min(1, Math.max(0, sum)) * 1000) / 1000;
}

export function confidenceOf(score: number): Confidence {
  if (score >= HIGH_FROM) return "high";
  return score >= MEDIUM_FROM ? "medium" : "low";
}

/** The highest score of the level below; for published test numbers where the policy lowers them. */
export function oneLevelLower(score: number): number {
  if (score >= HIGH_FROM) return HIGH_FROM - 0.01;
  return Math.min(score, MEDIUM_FROM - 0.01);
}
