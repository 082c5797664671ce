import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Extraction } from "../../../src/core/part.ts";
import { read } from "../../support/documents-reading.ts";

/** Bytes that look random and are the same in every run: hashes of numbers. The first ones begin no known format. */
function noiseOf(size: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, index) =>
    createHash("sha256").update(`noise ${index}`).digest(),
  );
  const bytes = Buffer.concat(blocks).subarray(0, size);
  bytes.set([0, 1, 2, 0xff].slice(0, size));
  return bytes;
}

const wasRead = ({ parts }: Extraction) => parts.some((part) => part.origin !== "metadata" && part.text !== "");
const allText = ({ parts }: Extraction) => parts.map((part) => part.text).join("\n");

describe("bytes that mean nothing", () => {
  it.each(["report.pdf", "a.docx", "a.doc", "a.zip", "a.png", "a.txt", "a.bin"])(
    "are not read as %s, whatever they look like",
    async (name) => {
      const found = await read(noiseOf(16_384), { name, as: "file" });
      expect(wasRead(found)).toBe(false);
      expect(found.problems.length).toBeGreaterThan(0);
    },
  );

  it("are not read as a message", async () => {
    const found = await read(noiseOf(16_384));
    expect(wasRead(found)).toBe(false);
    expect(found.problems.map(({ code }) => code)).toEqual(["corrupt"]);
    expect(found.head?.subject).toBe("");
  });

  it("are scanned all the same, so that a number among them is found", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 4, max: 4_000 }),
        fc.constantFrom("a.bin", "a.pdf", null),
        async (place, name) => {
          const noise = noiseOf(4_096);
          noise.write("\0\x01 4111111111111111 \0", place, "latin1");
          const found = await read(noise, name === null ? {} : { name, as: "file" });
          expect(allText(found)).toContain("4111111111111111");
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("a binary with words in it", () => {
  it.each(["latin1", "utf16le"] as const)("counts as read in part (%s)", async (encoding) => {
    const words = Buffer.from("the quarterly figures of the merger", encoding);
    const found = await read(Buffer.concat([noiseOf(500), Buffer.alloc(2), words, Buffer.alloc(2)]), {
      name: "a.bin",
      as: "file",
    });
    expect(wasRead(found)).toBe(true);
    expect(allText(found)).toContain("the quarterly figures of the merger");
  });
});
