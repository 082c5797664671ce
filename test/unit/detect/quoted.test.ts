import fc from "fast-check";
import { expect, test } from "vitest";
import { createEngine } from "../../../src/detect/engine.ts";
import { quotedSpans } from "../../../src/detect/quoted.ts";
import { bodyPart, key } from "./fixture.ts";

const engine = createEngine({ definitions: [], skipList: "default", testNumbers: "report" });

test.each([
  ["marked lines", "new\n> old 1\n>> old 2\nnew again", ["> old 1", ">> old 2"]],
  [
    "a reply's introduction",
    "new\nOn Mon, 3 Jun 2024 at 09:15, Ann <a@b.example> wrote:\nold",
    ["On Mon, 3 Jun 2024 at 09:15, Ann <a@b.example> wrote:\nold"],
  ],
  [
    "a German introduction",
    "neu\nAm 03.06.2024 um 09:15 schrieb Ann:\nalt",
    ["Am 03.06.2024 um 09:15 schrieb Ann:\nalt"],
  ],
  ["Outlook's separator", "new\n-----Original Message-----\nold", ["-----Original Message-----\nold"]],
  [
    "Outlook's head",
    "new\nFrom: Ann\nSent: Monday\nTo: Bob\nSubject: x\nold",
    ["From: Ann\nSent: Monday\nTo: Bob\nSubject: x\nold"],
  ],
  ["no quotation", "On Monday she wrote: hello\nFrom: here to there", []],
  ["a forwarded message", "see below\n---------- Forwarded message ---------\nFrom: Ann\nnew to you", []],
])("recognises %s", (_, text, quoted) => {
  expect(quotedSpans(text).map(({ start, end }) => text.slice(start, end))).toEqual(quoted);
});

test("values that stand only in quoted text are not fresh", () => {
  const text = "card 5555555555554444\n> card 4111111111111111\n> card 5555555555554444";
  const { tallies } = engine.detect({ parts: [bodyPart(text)], key });
  const [cards] = tallies.filter(({ detector }) => detector === "credit-card");
  expect(cards?.fingerprints.length).toBe(2);
  expect(cards?.fresh?.length).toBe(1);
});

test("spans are in order, apart and within the text", () => {
  const line = fc.constantFrom(
    "> q",
    "x",
    "",
    ">",
    "-----Original Message-----",
    "On 1 Jan 2024, A wrote:",
    "From: a",
    "To: b",
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const text = lines.join("\n");
      let last = 0;
      for (const { start, end } of quotedSpans(text)) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeLessThanOrEqual(text.length);
        last = end;
      }
    }),
  );
});
