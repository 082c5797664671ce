import { describe, expect, test } from "vitest";
import { createEngine } from "../../../src/detect/engine.ts";
import { bodyPart, definition, key } from "./fixture.ts";

/**
 * Growth is judged by processor time of the best of several runs: three times the text must cost less than four and a
 * half times as much, where quadratic cost would be nine times. A busy machine gets more runs, not a wider bound. `npm run bench:detect` measures it closely.
 */
const SMALL = 16_000;
const FACTOR = 3;
const ALLOWED = 4.5;
const RUNS = 3;
const ROUNDS = 5;

const engine = createEngine({
  skipList: "default",
  testNumbers: "report",
  definitions: [
    definition({ id: "far", pattern: "a.*z|a" }),
    definition({ id: "nested", pattern: "(a+)+b" }),
    definition({ id: "empty", pattern: "x*" }),
    definition({ id: "raw", pattern: "(?:\\d+[ -]?)+x", text: "raw" }),
    definition({ id: "words", words: ["a a a b", "1 1", "機密"] }),
  ],
});

function cost(text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    const begin = process.cpuUsage();
    engine.detect({ parts: [bodyPart(text)], key });
    const { user } = process.cpuUsage(begin);
    best = Math.min(best, user);
  }
  return best;
}

describe("cost grows in proportion to the text", () => {
  test.each([
    ["digits", "1"],
    ["card-like digits", "4111 "],
    ["separators", " - . "],
    ["letters", "a"],
    ["upper case and digits", "A1B2C3D4"],
    ["nested quotes", ">"],
    ["quotation marks", "'"],
    ["addresses", "a@a."],
    ["token beginnings", "eyJ"],
    ["key headers", "-----BEGIN PRIVATE KEY-----"],
    ["combining marks", "\u0301\u0323"],
    ["entities", "&#49;"],
    ["fillers", "<<"],
    ["passwords", "password: "],
    ["Han", "機"],
    ["lone surrogates", "\ud800"],
  ])("for %s", { timeout: 120_000 }, (_, unit) => {
    const small = unit.repeat(Math.ceil(SMALL / unit.length));
    cost(small);
    const large = small.repeat(FACTOR);
    const best = { small: cost(small), large: cost(large) };
    const allowed = (): number => best.small * ALLOWED + 2_000;
    for (let round = 1; round < ROUNDS && best.large >= allowed(); round++)
      best.large = Math.min(best.large, cost(large));
    expect(best.large).toBeLessThan(allowed());
  });
});
