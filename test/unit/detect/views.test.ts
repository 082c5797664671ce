import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldedView, rawView } from "../../../src/detect/views/folded.ts";
import { normalisedView } from "../../../src/detect/views/normalised.ts";
import { createSkipList, DEFAULT_SKIP_LIST, skipInPattern } from "../../../src/detect/views/skip-list.ts";

const skip = createSkipList("default");
const none = createSkipList([]);
const piece = fc.oneof(
  fc.string({ unit: "binary", maxLength: 4 }),
  fc.constantFrom(
    "a",
    " ",
    "\n",
    "the ",
    "Of ",
    "4",
    "４",
    "\u200b",
    "\u00ad",
    "&#52;",
    "&nbsp;",
    "&x",
    "é",
    "e\u0301",
    "İ",
    "ß",
    "𝟜",
    "\ud800",
    "\u1112\u1161\u11ab",
  ),
);
const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));

describe.each([
  ["folded", (source: string) => ({ length: foldedView(source).bytes.length, map: foldedView(source).map })],
  ["raw", (source: string) => ({ length: rawView(source).bytes.length, map: rawView(source).map })],
  [
    "normalised",
    (source: string) => ({ length: normalisedView(source, skip).text.length, map: normalisedView(source, skip).map }),
  ],
])("the %s view", (_, view) => {
  test("leads every stretch back to a stretch of the original, in order", () => {
    fc.assert(
      fc.property(text, (source) => {
        const { length, map } = view(source);
        let last = 0;
        for (let at = 0; at < length; at++) {
          const start = map.start(at);
          const end = map.end(at + 1);
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(source.length);
          last = start;
        }
      }),
      { numRuns: 300 },
    );
  });
});

test("folding keeps ASCII as it is and makes nothing longer", () => {
  fc.assert(
    fc.property(fc.string(), (source) => {
      if (/&[#a-z]/i.test(source)) return;
      expect(foldedView(source).bytes.toString("latin1")).toBe(source);
    }),
  );
  fc.assert(fc.property(text, (source) => foldedView(source).bytes.length <= source.length));
});

test("normalising again changes nothing but what the first pass uncovered", () => {
  fc.assert(
    fc.property(fc.string(), (source) => {
      const once = normalisedView(source, none).text;
      if (/&/.test(once)) return;
      expect(normalisedView(once, none).text).toBe(once);
    }),
  );
});

test.each([
  ["The CARD  of\r\nthe  Month", " card month"],
  ["what's the state-of-the-art?", "what's state-of-the-art?"],
  ["see www.the.com, and (the) end.", " www.the.com, () end."],
  ["e\u0301te\u0301 ＡＢＣ１２ soft\u00adhyphen", "été abc12 softhyphen"],
  ["x&nbsp;&#32;B &amp; c", "x b & c"],
])("%j is seen as %j", (source, seen) => {
  expect(normalisedView(source, skip).text).toBe(seen);
});

test("the default skip list has a hundred different words", () => {
  expect(new Set(DEFAULT_SKIP_LIST).size).toBe(100);
});

test.each([
  ["date of birth", "date birth"],
  ["(the|a) secret", "(the|a) secret"],
  ["end\\s+of\\s+the\\s+world", "end\\s+world"],
  ["of+ course", "of+ course"],
  ["\\bof\\b", "\\bof\\b"],
])("the pattern %s becomes %s", (pattern, expected) => {
  expect(skipInPattern(pattern, skip)).toBe(expected);
});
