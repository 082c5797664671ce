import { describe, expect, test } from "vitest";
import { createEngine } from "../../../src/detect/engine.ts";
import { createExactDataBuilder } from "../../../src/detect/exact/table.ts";
import {
  decodeExactData,
  decodeFingerprint,
  encodeExactData,
  encodeFingerprint,
} from "../../../src/detect/known-data-file.ts";
import { fingerprintDocument } from "../../../src/detect/similar/fingerprint.ts";
import { bodyPart, definition, key } from "./fixture.ts";

const options = { skipList: "default", testNumbers: "report" } as const;

describe("exact data", () => {
  const rows = [
    ["KD-4711-X", "Ann Beispiel", "1970-01-31"],
    ["KD-4712-Y", "Jörg Muster", "1981-12-24"],
    ["12", "too short to look for", ""],
  ];
  const salt = Uint8Array.of(1, 2, 3);
  const builder = createExactDataBuilder({ name: "customers", supporting: ["name", "born"], key, salt });
  const added = rows.map((row) => builder.add(row));
  // Through its bytes, as it comes out of the store.
  const table = decodeExactData(encodeExactData(builder.finish()));
  const engine = createEngine({
    ...options,
    definitions: [definition({ id: "customer", exactData: "customers" })],
    exactData: { tables: new Map([["customers", table]]), key },
  });
  const found = (text: string): readonly unknown[] =>
    engine
      .detect({ parts: [bodyPart(text)], key })
      .findings.filter(({ detector }) => detector === "customer")
      .map(({ span, confidence }) => [text.slice(span.start, span.end), confidence]);

  test("finds a primary value however it is written, with a supporting value of its row near", () => {
    expect(found("Customer kd 4711 x is Ann Beispiel.")).toEqual([["kd 4711 x", "high"]]);
    expect(found("KD-4712-Y, born 1981/12/24")).toEqual([["KD-4712-Y", "high"]]);
  });

  test("stays low without a supporting value, or with one of another row", () => {
    expect(found("KD-4711-X")).toEqual([["KD-4711-X", "low"]]);
    expect(found("KD-4711-X Jörg Muster")).toEqual([["KD-4711-X", "low"]]);
  });

  test("finds nothing in values that the table does not have", () => {
    expect(found("KD-4713-X Ann Beispiel, 12, too short to look for")).toEqual([]);
  });

  test("leaves out rows whose primary value would be found anywhere", () => {
    expect(added).toEqual([true, true, false]);
    expect(table.rows).toHaveLength(2);
  });

  test("has other hashes with another salt", () => {
    const other = createExactDataBuilder({ name: "customers", supporting: [], key, salt: Uint8Array.of(9) });
    other.add(rows[0] ?? []);
    expect([...table.primary]).not.toContain(other.finish().primary[0]);
  });

  test("holds no clear value", () => {
    const bytes = Buffer.concat([Buffer.from(table.primary.buffer), Buffer.from(table.cells.buffer)]).toString(
      "latin1",
    );
    expect(bytes + JSON.stringify([table.name, table.supporting, table.lengths])).not.toMatch(/4711|Beispiel/i);
  });

  test("a detector that names a table which is not loaded is a POLICY_INVALID", () => {
    const definitions = [definition({ id: "other", exactData: "nobody" })];
    expect(() => createEngine({ ...options, definitions })).toThrowError(
      expect.objectContaining({ code: "POLICY_INVALID" }),
    );
  });
});

describe("document fingerprints", () => {
  const sentences = Array.from(
    { length: 60 },
    (_, index) => `Clause ${index} binds the ${index * 7} parties of plan ${index * 13}.`,
  );
  const document = decodeFingerprint(encodeFingerprint(fingerprintDocument("contract", sentences.join(" "), 60, 42)));
  const engine = createEngine({
    ...options,
    definitions: [definition({ id: "copy", fingerprint: "contract" })],
    fingerprints: new Map([["contract", [document]]]),
  });
  const found = (text: string): readonly string[] =>
    engine
      .detect({ parts: [bodyPart(text)], key })
      .findings.filter(({ detector }) => detector === "copy")
      .map(({ why }) => why[0]?.detail ?? "");

  test("recognise a copy with other line breaks, case and text around it", () => {
    expect(found(`Hello,\n${sentences.join("\n").toUpperCase()}\nRegards`)).toEqual(["100 % of contract"]);
  });

  test("recognise a copy of which more than the threshold is left", () => {
    expect(found(sentences.slice(0, 45).join(" "))[0]).toMatch(/^7\d % of contract$/);
  });

  test("are silent below the threshold and on other text", () => {
    expect(found(sentences.slice(0, 20).join(" "))).toEqual([]);
    expect(found("Nothing of it stands here at all, not one sentence.")).toEqual([]);
  });
});
