import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldWord, literalEnd } from "../../../src/detect/custom/word-fold.ts";
import { createEngine } from "../../../src/detect/engine.ts";
import { bodyPart, definition, key } from "./fixture.ts";

function matches(words: readonly string[], text: string): string[] {
  const engine = createEngine({
    definitions: [definition({ id: "list", words })],
    skipList: [],
    testNumbers: "report",
  });
  const { findings } = engine.detect({ parts: [bodyPart(text)], key });
  return findings.filter(({ detector }) => detector === "list").map(({ span }) => text.slice(span.start, span.end));
}

describe("words of a list", () => {
  test.each([
    ["Straße", "die STRASSE hinauf", "STRASSE"],
    ["STRASSE", "die Straße hinauf", "Straße"],
    ["strasse", "die STRAẞE hinauf", "STRAẞE"],
    ["große Straße", "eine GROSSE  STRASSE", "GROSSE  STRASSE"],
    ["Groß & Söhne", "bei GROSS & SÖHNE heute", "GROSS & SÖHNE"],
    ["gross & söhne", "bei Groß & Söhne heute", "Groß & Söhne"],
    ["office", "the oﬃce memo", "oﬃce"],
    ["ΟΔΟΣ", "η οδος εδώ", "οδος"],
    ["οδος", "η ΟΔΟΣ εδώ", "ΟΔΟΣ"],
  ])("%j are found in %j, where they stand", (word, text, found) => {
    expect(matches([word], text)).toEqual([found]);
  });

  test("are no parts of longer words when letters are folded", () => {
    expect(matches(["Mas"], "das Maß")).toEqual([]);
    expect(matches(["Straße"], "Strassen")).toEqual([]);
  });

  test("are found in capitals at their place, whatever stands around", () => {
    const word = fc.stringMatching(/^[a-zß]{2,10}$/);
    fc.assert(
      fc.property(word, fc.stringMatching(/^[0-9ß .]{0,20}$/), (entry, before) => {
        const text = `${before} ${entry.toUpperCase()} end`;
        expect(matches([entry], text)).toContain(entry.toUpperCase());
      }),
      { numRuns: 50 },
    );
  });

  test("end where the folded literal ends", () => {
    const text = fc.array(fc.constantFrom("s", "ß", "a", "ﬁ", "f", "i", "ς"), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, (letters) => {
        const literal = letters.join("");
        expect(literalEnd(`x${foldWord(literal)}y`, 1, literal)).toBe(1 + foldWord(literal).length);
        expect(literalEnd(`x${literal}y`, 1, foldWord(literal))).toBe(1 + literal.length);
      }),
    );
  });
});
