import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openDecisionLinks } from "../../../src/http/console/decision-links.ts";
import { openGuesses } from "../../../src/http/console/guesses.ts";
import { nextPage } from "../../../src/http/console/signed-in.ts";

const HOUR_MS = 3_600_000;
const key = Buffer.alloc(32, 1);

/** A clock that stands until it is moved. */
function clockAt(start = 1_800_000_000_000) {
  let now = start;
  return { now: () => new Date(now), move: (ms: number) => (now += ms) };
}

describe("a decision link", () => {
  it("names message and person, and nothing else is read from it", () => {
    const links = openDecisionLinks(key, clockAt());
    expect(links.read(links.issue({ item: "q1", person: "Carl@Corp.example" }))).toEqual({
      item: "q1",
      person: "carl@corp.example",
    });
  });

  it("ends after 72 hours", () => {
    const clock = clockAt();
    const links = openDecisionLinks(key, clock);
    const token = links.issue({ item: "q1", person: "c@corp.example" });
    clock.move(72 * HOUR_MS - 1);
    expect(links.read(token)).toBeDefined();
    clock.move(1);
    expect(links.read(token)).toBeUndefined();
  });

  it("is refused when a single character of it was changed, cut or added, or another key made it", () => {
    const links = openDecisionLinks(key, clockAt());
    const token = links.issue({ item: "q1", person: "c@corp.example" });
    expect(openDecisionLinks(Buffer.alloc(32, 2), clockAt()).read(token)).toBeUndefined();
    const sign = fc.constantFrom(..."abcXYZ019-_.=%");
    fc.assert(
      fc.property(fc.nat(token.length - 1), sign, fc.constantFrom("change", "cut", "add"), (at, other, how) => {
        const end = how === "add" ? at : at + 1;
        const changed = token.slice(0, at) + (how === "cut" ? "" : other) + token.slice(end);
        if (changed !== token) expect(links.read(changed)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(links.read(text)).toBeUndefined();
      }),
    );
  });
});

it("counts wrong guesses by address and minute", () => {
  const clock = clockAt();
  const guesses = openGuesses(clock);
  const many = Array.from({ length: 25 }, () => guesses.tooMany("192.0.2.1"));
  expect(many.indexOf(true)).toBe(20);
  expect(guesses.tooMany("192.0.2.2")).toBe(false);
  clock.move(60_000);
  expect(guesses.tooMany("192.0.2.1")).toBe(false);
});

it("goes on only to pages of the console after signing in", () => {
  for (const page of ["/incidents/0192-ab", "/decisions/a.b-_.c/review"]) expect(nextPage(page)).toBe(page);
  for (const page of ["//evil.example", "/incidents/../x/y", "/\\evil", "https://evil.example", "/sign-out", "", ["/"]])
    expect(nextPage(page)).toBeUndefined();
});
