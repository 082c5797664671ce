import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createEngine } from "../../../src/detect/engine.ts";
import { goesOnInGroups } from "../../../src/detect/evidence/digit-groups.ts";
import { bodyPart, key } from "./fixture.ts";

const engine = createEngine({ definitions: [], skipList: "default", testNumbers: "report" });
const found = (text: string, detector: string) =>
  engine.detect({ parts: [bodyPart(text)], key }).findings.filter((finding) => finding.detector === detector);

describe("a number in groups of digits", () => {
  test.each([
    ["jp-my-number", "1234 5678 9018", "3456"],
    ["in-aadhaar", "2341 2341 2346", "1111"],
    ["au-tfn", "123 456 782", "000"],
    ["fr-spi", "30 23 217 600 053", "123"],
  ])("of %s that goes on in the same groups is a piece of a longer one", (detector, value, more) => {
    expect(found(value, detector).length + found(`number ${value}.`, detector).length).toBeGreaterThan(0);
    expect(found(`${value} ${more}`, detector)).toEqual([]);
    expect(found(`${value}\t${more}`, detector)).toEqual([]);
  });

  test("counts less beside its keyword when it goes on, and is kept", () => {
    const [alone] = found("My Number 1234 5678 9018", "jp-my-number");
    const [longer] = found("My Number 1234 5678 9018 3456", "jp-my-number");
    expect(longer?.confidence).toBeDefined();
    expect(longer?.score).toBeLessThan(alone?.score ?? 0);
  });

  test("stays a card whatever follows: a year, a check value, another card", () => {
    for (const more of ["2027", "123", "1234", "5555 5555 5555 4444"]) {
      expect(found(`4111 1111 1111 1111 ${more}`, "credit-card")[0]?.confidence).toMatch(/medium|high/);
    }
  });

  test("may stand in a list of its like", () => {
    expect(found("1234 5678 9018 1234 5678 9018", "jp-my-number").length).toBe(2);
  });

  test("goes on exactly when more groups of its size are not a whole number of its like", () => {
    const group = fc.stringMatching(/^[0-9]{4}$/);
    const groups = (most: number) => fc.array(group, { maxLength: most });
    fc.assert(
      fc.property(groups(4), fc.array(group, { minLength: 2, maxLength: 3 }), groups(4), (before, own, after) => {
        const lead = before.map((digits) => `${digits} `).join("");
        const bytes = Buffer.from(`x ${lead}${[...own, ...after].join(" ")} y`);
        const start = 2 + lead.length;
        const end = start + own.join(" ").length;
        expect(goesOnInGroups(bytes, start, end)).toBe((before.length + after.length) % own.length !== 0);
      }),
    );
  });
});

describe("separators that only look different", () => {
  test.each([
    ["tabs", "4111\t1111\t1111\t1111"],
    ["combining marks", "4\u03321\u03321\u03321\u0332 \u03321111 1111 1111"],
    ["keycaps", [..."4111111111111111"].map((digit) => `${digit}\ufe0f\u20e3`).join("")],
  ])("hide no card: %s", (_, written) => {
    const text = `card ${written} end`;
    const [finding] = found(text, "credit-card");
    expect(finding?.confidence).toBe("high");
    const { start = 0, end = 0 } = finding?.span ?? {};
    expect(text.slice(start, end).replace(/\D/g, "")).toBe("4111111111111111");
    expect(text.slice(0, start)).toBe("card ");
  });

  test("are cells in a table, and join no numbers there", () => {
    const part = bodyPart("a\tb\tc\td\n4111\t1111\t1111\t1111", { layout: "table" });
    expect(engine.detect({ parts: [part], key }).findings).toEqual([]);
  });
});
