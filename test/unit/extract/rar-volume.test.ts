import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRarVolume } from "../../../src/extract/archive/rar-volume.ts";
import { problems, read } from "../../support/documents-reading.ts";

/** Signature and main header of RAR 4. */
function rar4(flags: number): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.write("Rar!\x1a\x07\0", "latin1");
  bytes[9] = 0x73;
  bytes.writeUInt16LE(flags, 10);
  bytes.writeUInt16LE(13, 12);
  return bytes;
}

/** Signature and main header of RAR 5, with or without an extra area whose size takes two bytes. */
function rar5(archiveFlags: number, extra: boolean, size: readonly number[] = [10]): Buffer {
  const header = [...size, 1, extra ? 1 : 0, ...(extra ? [0x81, 0x01] : []), archiveFlags];
  return Buffer.concat([Buffer.from("Rar!\x1a\x07\x01\0\0\0\0\0", "latin1"), Buffer.from(header), Buffer.alloc(8)]);
}

describe("a volume of a rar", () => {
  it("is told from a whole archive by its main header", () => {
    for (const other of [0, 0x0008, 0x0100, 0x0180]) {
      expect(isRarVolume(rar4(other))).toBe(false);
      expect(isRarVolume(rar4(other | 1))).toBe(true);
    }
    for (const size of [[10], [0x8a, 0x00]]) {
      for (const extra of [true, false]) {
        expect(isRarVolume(rar5(4, extra, size))).toBe(false);
        expect(isRarVolume(rar5(3, extra, size))).toBe(true);
      }
    }
  });

  it("is corrupt: the archive is not all here", async () => {
    for (const bytes of [rar4(0x0101), rar5(1, false)]) {
      const found = await read(bytes, { name: "a.part1.rar", as: "file" });
      expect(problems(found)).toEqual(["attachment:a.part1.rar: corrupt"]);
      expect(found.problems[0]?.detail).toContain("volume");
    }
  });

  it("is looked for in any bytes without an exception", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (tail, five) => {
        const bytes = Buffer.concat([Buffer.from(`Rar!\x1a\x07${five ? "\x01\0" : "\0"}`, "latin1"), tail]);
        expect(typeof isRarVolume(bytes)).toBe("boolean");
      }),
    );
  });
});
