import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_SHAPE_LENGTH } from "../../../src/detect/detector.ts";
import { createEngine } from "../../../src/detect/engine.ts";
import { builtInDetectors } from "../../../src/detect/registry.ts";
import { createAutomaton } from "../../../src/detect/scan/automaton.ts";
import { compileProgram } from "../../../src/detect/scan/program.ts";
import { exactPattern, ownedShape } from "../../../src/detect/scan/scan-pattern.ts";
import { parseShape } from "../../../src/detect/scan/shape-syntax.ts";
import { createTextScan } from "../../../src/detect/scan/text-scan.ts";
import { foldedView, isAscii } from "../../../src/detect/views/folded.ts";
import { bodyPart, key } from "./fixture.ts";

const shapes = builtInDetectors.flatMap(({ shapes: own, view }, owner) =>
  own.map((shape) => ownedShape(owner, view, shape)),
);
const keywords = builtInDetectors.map(({ context }, list) => ({ list, words: context.filter(isAscii) }));
const scan = createTextScan(shapes, keywords);
const examples = builtInDetectors.flatMap(({ examples: { positive, negative } }) => [...positive, ...negative]);

function scanned(bytes: Buffer): { readonly shapes: ReadonlySet<string>; readonly keywords: ReadonlySet<string> } {
  const found = { shapes: new Set<string>(), keywords: new Set<string>() };
  scan(bytes, {
    shape: ({ shape }, start, end) => {
      found.shapes.add(`${shape.pattern} ${start} ${end}`);
      return end;
    },
    keyword: (list, start, end) => found.keywords.add(`${list} ${start} ${end}`),
  });
  return found;
}

describe("the scan of all shapes at once", () => {
  test("finds what each pattern finds by itself in the whole text", () => {
    const piece = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...examples) },
      fc.stringMatching(/^[0-9A-Za-z .:;+()_=/-]{0,40}$/),
      fc.stringMatching(/^(?:[0-9]{1,5}[ .-]){1,8}$/),
      fc.constantFrom("_", "é", "x", "DB_", "(", "\r\n"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom(" ", "\n", ""), (pieces, between) => {
        const { bytes } = foldedView(pieces.join(between));
        const text = bytes.toString("latin1");
        const expected = new Set<string>();
        for (const { shape } of shapes) {
          for (const match of text.matchAll(new RegExp(exactPattern(shape), "g")))
            expected.add(`${shape.pattern} ${match.index} ${match.index + match[0].length}`);
        }
        expect(scanned(bytes).shapes).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  test("finds the keywords of all lists as whole words, in any case and joined in any way", () => {
    const { bytes } = foldedView("Card-number CARD_NUMBER xcard cardx écard MY_SSN: ss#1 social  security ssn");
    const text = bytes.toString("latin1");
    const places = [...scanned(bytes).keywords].map((place) => place.split(" ").map(Number));
    const wordsOf = (id: string): readonly string[] =>
      places.filter(([list = -1]) => builtInDetectors[list]?.id === id).map(([, start, end]) => text.slice(start, end));
    expect(wordsOf("credit-card")).toEqual(["Card-number", "CARD_NUMBER"]);
    expect(wordsOf("us-ssn")).toEqual(["SSN", "ss#", "social  security", "ssn"]);
  });

  test("forgets states and goes on rightly when there are too many", () => {
    const program = compileProgram([parseShape("[ab]{0,14}a[ab]{12}c"), parseShape("b{1,3}c")]);
    const automaton = createAutomaton(program, ["anywhere", "anywhere"], 64);
    const beginning = automaton.beginning([0, 1]);
    fc.assert(
      fc.property(fc.stringMatching(/^[abc]{0,40}$/), (text) => {
        const found = new Map<number, number>();
        automaton.read(Buffer.from(text), 0, 64, beginning, (pattern, end) => found.set(pattern, end));
        expect(found.get(0)).toBe(/^[ab]{0,14}a[ab]{12}c/.exec(text)?.[0].length);
        expect(found.get(1)).toBe(/^b{1,3}c/.exec(text)?.[0].length);
        expect(automaton.size()).toBeLessThanOrEqual(66);
      }),
      { numRuns: 300 },
    );
  });

  test("begins closed shapes with a letter or digit and open ones with a sign", () => {
    for (const { shape } of shapes) {
      const opensAtStart = shape.open === "start" || shape.open === "both";
      const firsts = firstBytes(shape.pattern).filter((byte) => byte < 128);
      expect(String.fromCharCode(...firsts)).toMatch(opensAtStart ? /^\W+$/ : /^\w+$/);
    }
  });

  test("no example's match is longer than the scan reads", () => {
    for (const { shape } of shapes) {
      for (const text of examples) {
        for (const [match] of text.matchAll(new RegExp(exactPattern(shape), "g")))
          expect(match.length).toBeLessThanOrEqual(MAX_SHAPE_LENGTH);
      }
    }
  });

  test.each(["(a", "a)", "a*", "a+", "^a", "a{2", "[a", "\\w", "(a)"])("a shape may not say %s", (pattern) => {
    expect(() => parseShape(pattern)).toThrow(SyntaxError);
  });
});

/** The bytes that a pattern may begin with. */
function firstBytes(pattern: string): readonly number[] {
  const automaton = createAutomaton(compileProgram([parseShape(pattern)]), ["anywhere"]);
  return [...automaton.beginning([0]).mayBegin.entries()].flatMap(([byte, member]) => (member === 1 ? [byte] : []));
}

describe("random identifiers without context", () => {
  const engine = createEngine({ definitions: [], skipList: "default", testNumbers: "report" });
  test.each([9, 10, 11, 12])("of %i digits give at most one finding of medium confidence in a thousand", (length) => {
    let state = length;
    let sure = 0;
    for (let index = 0; index < 1_000; index++) {
      let id = "";
      while (id.length < length) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        id += Math.floor((state / 4_294_967_296) * 10);
      }
      const { findings } = engine.detect({ parts: [bodyPart(`see ${id} for it`)], key });
      sure += findings.filter(({ confidence }) => confidence !== "low").length;
    }
    expect(sure).toBeLessThanOrEqual(1);
  });
});

test("docs/detectors.md lists every detector", () => {
  const docs = readFileSync(new URL("../../../docs/detectors.md", import.meta.url), "utf8");
  expect(builtInDetectors.filter(({ id }) => !docs.includes(`| \`${id}\` |`)).map(({ id }) => id)).toEqual([]);
});

test("ids are unique and in kebab case", () => {
  const ids = builtInDetectors.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
});
