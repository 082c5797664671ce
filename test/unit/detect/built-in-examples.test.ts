import { describe, expect, test } from "vitest";
import type { Confidence } from "../../../src/core/finding.ts";
import { createEngine } from "../../../src/detect/engine.ts";
import { builtInDetectors } from "../../../src/detect/registry.ts";
import { bodyPart, key } from "./fixture.ts";

const engine = createEngine({ definitions: [], skipList: "default", testNumbers: "report" });

function confidences(detector: string, text: string): readonly Confidence[] {
  const { tallies } = engine.detect({ parts: [bodyPart(text)], key });
  return tallies.filter((tally) => tally.detector === detector).map((tally) => tally.confidence);
}

describe.each(builtInDetectors.map((detector) => [detector.id, detector] as const))("%s", (id, detector) => {
  test("has at least five examples of each kind", () => {
    expect(detector.examples.positive.length).toBeGreaterThanOrEqual(5);
    expect(detector.examples.negative.length).toBeGreaterThanOrEqual(5);
  });

  test.each(detector.examples.positive)("is found with medium confidence or better: %s", (text) => {
    expect(confidences(id, text).some((confidence) => confidence !== "low")).toBe(true);
  });

  test.each(detector.examples.negative)("is not found with medium confidence: %s", (text) => {
    expect(confidences(id, text).filter((confidence) => confidence !== "low")).toEqual([]);
  });
});
