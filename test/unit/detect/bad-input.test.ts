import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createEngine } from "../../../src/detect/engine.ts";
import { summarise } from "../../../src/detect/summary.ts";
import { bodyPart, definition, key } from "./fixture.ts";

const engine = createEngine({
  skipList: "default",
  testNumbers: "report",
  definitions: [
    definition({ id: "any", pattern: "[a-z]{3,}" }),
    definition({ id: "raw", pattern: ".{1,8}", text: "raw" }),
    definition({ id: "empty", pattern: "q*" }),
    definition({ id: "list", words: ["b", "", "  ", "c++", "中文"] }),
  ],
});

describe("text of any kind", () => {
  test("never crashes, and every span lies in it in the right order", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "\ud800",
        "\udfff",
        "\u0000",
        "\u202e",
        "\u200b",
        "&#49;",
        "&amp;",
        "４",
        "é",
        "e\u0301",
        "𝟜",
        "\r\n",
        "\t",
        "4111 1111 1111 1111",
        "a@b.co",
        "c++",
      ),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }),
        fc.constantFrom("prose" as const, "table" as const),
        (pieces, layout) => {
          const text = pieces.join("");
          for (const { span } of engine.detect({ parts: [bodyPart(text, { layout })], key }).findings) {
            expect(span.start).toBeGreaterThanOrEqual(0);
            expect(span.start).toBeLessThan(span.end);
            expect(span.end).toBeLessThanOrEqual(text.length);
          }
          engine.mask(text);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("a pattern that matches the empty string gives no empty findings", () => {
    const { tallies } = engine.detect({ parts: [bodyPart("aqqa q b")], key });
    expect(tallies.find(({ detector }) => detector === "empty")?.occurrences).toBe(2);
  });

  test.each([
    ["zero-width spaces", "4111\u200b1111\u200b1111\u200b1111"],
    ["soft hyphens", "4111\u00ad1111\u00ad1111\u00ad1111"],
    ["full-width digits", "４１１１　１１１１　１１１１　１１１１"],
    ["Arabic-Indic digits", "٤١١١ ١١١١ ١١١١ ١١١١"],
    ["mathematical digits", "𝟜𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙"],
    ["HTML entities", "4111&nbsp;1111&#x2D;1111&#45;1111"],
    ["other dashes", "4111–1111—1111‑1111"],
    ["right-to-left overrides", "\u202e4111111111111111\u202c"],
    ["no-break spaces", "4111\u00a01111\u202f1111\u20091111"],
    ["a line break", "4111 1111\r\n1111 1111"],
  ])("a card hidden by %s is found", (_, text) => {
    const [summary] = summarise(engine.detect({ parts: [bodyPart(text)], key })).filter(
      ({ detector }) => detector === "credit-card",
    );
    expect(summary).toMatchObject({ count: 1, confidence: "medium" });
  });

  test("20 MB on one line with NUL bytes is read to its end", { timeout: 120_000 }, () => {
    const text = `${"lorem ipsum \u0000 ".repeat(1_500_000)}card 4111 1111 1111 1111`;
    const quiet = createEngine({ definitions: [], skipList: "default", testNumbers: "report" });
    const { findings } = quiet.detect({ parts: [bodyPart(text)], key });
    expect(findings.map(({ span }) => text.slice(span.start, span.end))).toEqual(["4111 1111 1111 1111"]);
  });
});
