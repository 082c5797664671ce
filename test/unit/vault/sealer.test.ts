import fc from "fast-check";
import { expect, it } from "vitest";
import { openSealer } from "../../../src/vault/sealer.ts";

const sealer = openSealer(Buffer.alloc(32, 3));
const unreadable = expect.objectContaining({ code: "CONTENT_UNREADABLE" });

it("opens what it sealed, in the same context only", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.string(), fc.string(), (plain, context, other) => {
      const sealed = sealer.seal(context, plain);
      expect(sealed).toMatch(/^[\w-]+$/);
      expect(new Uint8Array(sealer.open(context, sealed))).toEqual(plain);
      if (other !== context) expect(() => sealer.open(other, sealed)).toThrow(unreadable);
    }),
  );
});

it("refuses every text that it did not make", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => sealer.open("c", text)).toThrow(unreadable);
    }),
  );
});

it("refuses what was sealed with another secret", () => {
  const sealed = openSealer(Buffer.alloc(32, 4)).seal("c", Buffer.from("secret"));
  expect(() => sealer.open("c", sealed)).toThrow(unreadable);
});
