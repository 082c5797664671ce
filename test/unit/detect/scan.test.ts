import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_SHAPE_LENGTH } from "../../../src/detect/detector.ts";
import { createEngine } from "../../../src/detect/engine.ts";
import { builtInDetectors } from "../../../src/detect/registry.ts";
import { createBlockScan } from "../../../src/detect/scan/block-scan.ts";
import { foldedView } from "../../../src/detect/views/folded.ts";
import { bodyPart, key } from "./fixture.ts";

const shapes = builtInDetectors.flatMap(({ shapes: own }, owner) => own.map((shape) => ({ owner, shape })));
const scan = createBlockScan(shapes);
const examples = builtInDetectors.flatMap(({ examples: { positive, negative } }) => [...positive, ...negative]);

function bounded({ pattern, open }: (typeof shapes)[number]["shape"]): RegExp {
  const start = open === "start" || open === "both" ? "" : "\\b";
  return new RegExp(`${start}(?:${pattern})${open === "end" || open === "both" ? "" : "\\b"}`, "g");
}

describe("the block scan", () => {
  test("finds what every exact pattern finds in the whole text, at every offset to the blocks", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...examples), { maxLength: 6 }),
        fc.nat(2_500),
        fc.constantFrom(" ", "\n", "x "),
        (pieces, shift, filler) => {
          const bytes = foldedView(filler.repeat(Math.ceil(shift / filler.length)) + pieces.join("\n")).bytes;
          const found = new Set<string>();
          scan(bytes, ({ shape }, start, end) => {
            found.add(`${shape.pattern} ${start} ${end}`);
            return end;
          });
          const whole = bytes.toString("latin1");
          const expected = new Set<string>();
          for (const { shape } of shapes) {
            for (const match of whole.matchAll(bounded(shape))) {
              expected.add(`${shape.pattern} ${match.index} ${match.index + match[0].length}`);
            }
          }
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("no example's match is longer than the blocks overlap", () => {
    for (const { shape } of shapes) {
      for (const text of examples) {
        for (const [match] of text.matchAll(bounded(shape))) expect(match.length).toBeLessThanOrEqual(MAX_SHAPE_LENGTH);
      }
    }
  });
});

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
