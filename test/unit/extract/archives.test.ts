import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tar, zip } from "../../support/documents.ts";
import { problems, read, textAt } from "../../support/documents-reading.ts";

const file = (name: string) => ({ name, as: "file" as const });

describe("archives", () => {
  it("give back what was packed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 4 }),
        async (texts) => {
          const members = texts.map((text, index) => ({
            name: `m${index}.txt`,
            content: `text ${text}`,
            stored: index % 2 === 0,
          }));
          const found = await read(zip(members), file("a.zip"));
          expect(found.problems).toEqual([]);
          for (const { name, content } of members) expect(textAt(found, `attachment:a.zip!${name}`)).toBe(content);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("count what comes out, not what the headers say", async () => {
    const bomb = zip([
      { name: "honest.txt", content: "a finding" },
      { name: "bomb.txt", content: Buffer.alloc(40 * 1024 * 1024), claimedSize: 10 },
    ]);
    const found = await read(bomb, file("a.zip"));
    expect(textAt(found, "attachment:a.zip!honest.txt")).toBe("a finding");
    expect(problems(found)).toEqual(["attachment:a.zip!bomb.txt: too-large"]);
  });

  it("stop when all of them together have unpacked enough", async () => {
    const members = Array.from({ length: 20 }, (_, index) => ({ name: `${index}.txt`, content: "x".repeat(100_000) }));
    const found = await read(zip(members), { ...file("a.zip"), limits: { expandedBytes: 1_000_000 } });
    expect(problems(found)).toContain("attachment:a.zip: too-large");
  });

  it("say when a member is not what its checksum promises", async () => {
    const found = await read(zip([{ name: "a.txt", content: "text", claimedCrc: 1 }]), file("a.zip"));
    expect(problems(found)).toEqual(["attachment:a.zip!a.txt: corrupt"]);
    expect(textAt(found, "attachment:a.zip!a.txt")).toBe("text");
  });

  it("are refused below a depth, with what is above it read", async () => {
    let bytes = zip([{ name: "x.txt", content: "bottom" }]);
    for (let level = 0; level < 20; level += 1) bytes = zip([{ name: "n.zip", content: bytes, stored: true }]);
    const codes = problems(await read(bytes, file("a.zip")));
    expect(codes).toHaveLength(1);
    expect(codes[0]).toMatch(/^attachment:a\.zip(!n\.zip){9}: too-deep$/);
  });

  it("are refused when they have too many members", async () => {
    const members = Array.from({ length: 30 }, (_, index) => ({ name: `${index}.txt`, content: "x" }));
    expect(problems(await read(zip(members), { ...file("a.zip"), limits: { archiveMembers: 10 } }))).toEqual([
      "attachment:a.zip: too-many",
    ]);
  });

  it("keep their members' names readable as they are, without following them", async () => {
    const found = await read(zip([{ name: "../../etc/x\u202Etxt.exe", content: "text" }]), file("a.zip"));
    expect(textAt(found, "attachment:a.zip!../../etc/x\\u{202e}txt.exe")).toBe("text");
  });

  it("unpack tar within gzip, and say when it is cut off", async () => {
    const packed = gzipSync(tar({ "a.txt": "first", "b.txt": "second" }));
    const whole = await read(packed, file("a.tgz"));
    expect(textAt(whole, "attachment:a.tgz!a.tar!b.txt")).toBe("second");
    expect(whole.problems).toEqual([]);
    const cut = await read(packed.subarray(0, packed.length - 12), file("a.tgz"));
    expect(problems(cut)).toContain("attachment:a.tgz: corrupt");
  });

  it("find their members by local headers when the directory is lost", async () => {
    const whole = zip([{ name: "a.txt", content: "still here" }]);
    const found = await read(whole.subarray(0, whole.indexOf("PK\x01\x02", 0, "latin1")), file("a.zip"));
    expect(textAt(found, "attachment:a.zip!a.txt")).toBe("still here");
    expect(problems(found)).toEqual(["attachment:a.zip: corrupt"]);
  });
});

describe("parts that killed a reading process", () => {
  it("are told by number before they are read, and skipped when asked", async () => {
    const units: { index: number; path: string }[] = [];
    const bytes = zip([
      { name: "a.txt", content: "good" },
      { name: "b.txt", content: "deadly" },
      { name: "c.txt", content: "fine" },
    ]);
    await read(bytes, { ...file("a.zip"), onUnit: (unit) => units.push(unit) });
    const deadly = units.find(({ path }) => path.endsWith("b.txt"));
    const skip = [{ index: deadly?.index ?? -1, path: deadly?.path ?? "", code: "crash" as const }];
    const found = await read(bytes, { ...file("a.zip"), skip });
    expect(problems(found)).toEqual(["attachment:a.zip!b.txt: crash"]);
    expect(textAt(found, "attachment:a.zip!a.txt")).toBe("good");
    expect(textAt(found, "attachment:a.zip!c.txt")).toBe("fine");
    expect(textAt(found, "attachment:a.zip!b.txt")).toBe("");
  });
});
