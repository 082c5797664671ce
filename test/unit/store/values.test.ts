import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDuplicate, storeFailure } from "../../../src/store/failure.ts";
import { newId } from "../../../src/store/ids.ts";
import { canonicalJson, storable, toJson } from "../../../src/store/json.ts";
import { pageOf, placeOf } from "../../../src/store/page.ts";

describe("ids", () => {
  it("are UUIDv7 that sort by time and do not repeat", () => {
    const ids = Array.from({ length: 500 }, (_, index) => newId(new Date(1_700_000_000_000 + index)));
    expect([...ids].sort((a, b) => (a < b ? -1 : 1))).toEqual(ids);
    expect(new Set(Array.from({ length: 500 }, () => newId(new Date(0)))).size).toBe(500);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe("JSON for the database", () => {
  const anyText = fc.string({ unit: "binary" });

  it("never holds what jsonb refuses, and keeps everything else", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const stored: unknown = JSON.parse(toJson({ text })).text;
        expect(stored).toBe(storable(text));
        expect(storable(text)).not.toMatch(/\0|\p{Surrogate}/u);
        expect(storable(text)).toHaveLength(text.length);
      }),
    );
    expect(storable("a\0b\ud800c😀")).toBe("a\ufffdb\ufffdc😀");
  });

  it("is the same text for equal values, whatever the order of keys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("cursors", () => {
  it("lead back to the row that they were made of", () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true, min: new Date(0) }), fc.string({ minLength: 1 }), (at, id) => {
        const page = pageOf(
          [
            { at, id },
            { at, id: "beyond" },
          ],
          1,
          (row) => row,
          (row) => row.id,
        );
        expect(page.items).toEqual([id]);
        expect(placeOf({ limit: 1, cursor: page.next ?? "" })).toEqual({ at, id });
      }),
    );
  });

  it("are refused when they are not ours", () => {
    fc.assert(
      fc.property(fc.string(), (cursor) => {
        expect(() => placeOf({ limit: 1, cursor })).toThrow("cursor is not valid");
      }),
    );
  });
});

describe("failures", () => {
  it.each(["08006", "57P01", "57P03", "53100", "53300", "40P01", "ECONNREFUSED"])("%s is an outage", (code) => {
    expect(storeFailure(Object.assign(new Error("x"), { code }))).toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("keeps the values that PostgreSQL prints out of the error", () => {
    const error = Object.assign(new Error('duplicate key "secret subject"'), {
      code: "23505",
      detail: "Key (subject)=(secret subject) already exists.",
      table: "messages",
    });
    const failure = storeFailure(error);
    expect(isDuplicate(failure)).toBe(true);
    expect(`${failure.stack} ${JSON.stringify(failure)} ${String(failure.cause)}`).not.toContain("secret");
  });
});
