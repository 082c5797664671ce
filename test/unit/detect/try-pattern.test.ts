import { expect, test } from "vitest";
import { tryPattern } from "../../../src/detect/try-pattern.ts";

const base = { view: "normalised", skipList: "default" } as const;

test("shows what is found, where, and what the pattern saw", () => {
  const text = "The  Project\nFALCON and project osprey";
  const result = tryPattern({ ...base, pattern: "project (falcon|osprey)", text });
  expect(result).toMatchObject({ ok: true, seen: " project falcon project osprey", count: 2, warning: null });
  if (!result.ok) return;
  expect(result.matches.map((match) => match.text)).toEqual(["Project\nFALCON", "project osprey"]);
  expect(result.millisecondsPerMegabyte).toBeGreaterThan(0);
});

test("warns where the skip list changes the pattern", () => {
  const result = tryPattern({ ...base, pattern: "date of birth", text: "Date of birth" });
  expect(result).toMatchObject({
    ok: true,
    used: "date birth",
    count: 1,
    warning: expect.stringContaining("skip list"),
  });
});

test("leaves the pattern alone with an empty skip list and on raw text", () => {
  expect(tryPattern({ ...base, skipList: [], pattern: "date of birth", text: "Date of birth" })).toMatchObject({
    used: "date of birth",
    count: 1,
  });
  expect(tryPattern({ ...base, view: "raw", pattern: "Key: [A-Z]+", text: "Key: ABC key: def" })).toMatchObject({
    seen: "Key: ABC key: def",
    count: 1,
  });
});

test("says where a pattern is at fault", () => {
  expect(tryPattern({ ...base, pattern: "a(?!b)", text: "a" })).toEqual({
    ok: false,
    fault: { position: 1, reason: expect.stringContaining("look-around") },
  });
});

test("counts all matches and shows at most a hundred", () => {
  const result = tryPattern({ ...base, pattern: "x", text: "x ".repeat(5_000) });
  expect(result).toMatchObject({ count: 5_000 });
  expect(result.ok && result.matches.length).toBe(100);
});
