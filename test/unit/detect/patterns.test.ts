import { expect, test } from "vitest";
import { checkPattern } from "../../../src/detect/patterns.ts";

test.each([
  ["a(?=b)", 1, "look-around"],
  ["abc(?<!x)", 3, "look-around"],
  ["(a)\\1", 3, "back-reference"],
  ["(?P<n>a)(?P=n)", 8, "back-reference"],
  ["a{1001}", 1, "repetition"],
  ["a++", 1, "possessive"],
  ["a(b", 3, "missing"],
  ["a)b", 1, "unexpected"],
  ["x[b", 3, "missing"],
  ["", 0, "empty"],
  ["(a{1000}){1000}", 0, ""],
  ["a".repeat(5_000), 4_096, "longer"],
])("refuses %s at position %i", (pattern, position, reason) => {
  const fault = checkPattern(pattern);
  expect(fault?.reason).toContain(reason);
  if (reason !== "") expect(fault?.position).toBe(position);
});

test.each([
  "project (falcon|osprey)",
  "\\bcase\\d+",
  "[(?=]x",
  "\\(\\?=",
  "(?i)abc",
  "a*",
  "\\p{Greek}+",
  "[^\\]]{1,1000}",
])("accepts %s", (pattern) => {
  expect(checkPattern(pattern)).toBeUndefined();
});
