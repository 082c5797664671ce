import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attachment, docx, mail, paragraph, zip } from "../../support/documents.ts";
import { problems, read, textAt } from "../../support/documents-reading.ts";

const corpus = process.env.POSTERN_CORPUS;
const HEAD = ["Subject: s"];
const ARCHIVES = ["zip", "7z", "rar", "gz", "tgz", "bz2", "xz", "zst", "cab"];
const DOCUMENTS = ["docx", "docm", "xlsx", "pptx", "odt", "ods", "odp", "pdf", "epub", "DOCX"];

describe("a file whose name promises an archive or a document", () => {
  it.each([...ARCHIVES, ...DOCUMENTS, "doc", "xls", "ppt", "rtf", "msg"])(
    "is corrupt when %s is empty",
    async (ending) => {
      const name = `a.${ending}`;
      expect(problems(await read(mail(HEAD, [attachment(name, Buffer.alloc(0))])))).toEqual([
        `attachment:${name}: corrupt`,
      ]);
      expect(problems(await read("", { name, as: "file" }))).toEqual([`attachment:${name}: corrupt`]);
      const packed = zip([{ name, content: "" }]);
      expect(problems(await read(packed, { name: "outer.zip", as: "file" }))).toEqual([
        `attachment:outer.zip!${name}: corrupt`,
      ]);
    },
  );

  it.each([...ARCHIVES, ...DOCUMENTS])("is corrupt when %s is text, which is read", async (ending) => {
    const found = await read(mail(HEAD, [attachment(`a.${ending}`, Buffer.from("This is the plan.\n"))]));
    expect(textAt(found, `attachment:a.${ending}`)).toContain("This is the plan.");
    expect(problems(found)).toEqual([`attachment:a.${ending}: corrupt`]);
  });

  it.each([...ARCHIVES, ...DOCUMENTS, "doc"])("is corrupt when %s is bytes of no format", async (ending) => {
    const found = await read(mail(HEAD, [attachment(`a.${ending}`, Buffer.from("00ff13fe0002a7b1c0", "hex"))]));
    expect(problems(found)).toEqual([`attachment:a.${ending}: corrupt`]);
  });

  it("is corrupt however early it breaks off", async () => {
    const whole = docx(paragraph("a letter"));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
        for (const name of ["a.zip", "a.docx"]) {
          const found = await read(mail(HEAD, [attachment(name, whole.subarray(0, length))]));
          expect(found.problems.some(({ part }) => part.startsWith(`attachment:${name}`))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([4, 8, 9, 20, 22, 29, 30])("is corrupt when %i bytes begin with a member of a zip", async (length) => {
    const bytes = Buffer.alloc(length);
    bytes.write("PK\x03\x04", "latin1");
    for (const name of ["a.zip", "a.docx", "a.bin"]) {
      const found = await read(mail(HEAD, [attachment(name, bytes)]));
      expect(problems(found)).toEqual([`attachment:${name}: corrupt`]);
    }
  });

  it("is an empty archive when it is an end record alone, and a broken document", async () => {
    expect((await read(mail(HEAD, [attachment("a.zip", zip([]))]))).problems).toEqual([]);
    expect(problems(await read(mail(HEAD, [attachment("a.docx", zip([]))])))).toEqual(["attachment:a.docx: corrupt"]);
  });

  it("breaks no promise with content of another format", async () => {
    const found = await read(
      mail(HEAD, [
        attachment("a.pdf", docx(paragraph("a letter"))),
        attachment("b.xls", Buffer.from("<html><table><tr><td>a</table></html>")),
        attachment("c.txt", Buffer.alloc(0)),
      ]),
    );
    expect(found.problems).toEqual([]);
  });
});

describe("a file whose declared type promises a document", () => {
  it.each([
    "application/pdf",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.oasis.opendocument.text",
  ])("is corrupt when %s is empty or text", async (type) => {
    for (const body of ["", "words"]) {
      const found = await read(mail(HEAD, [{ headers: [`Content-Type: ${type}; name=a`], body }]));
      expect(problems(found)).toEqual(["attachment:a: corrupt"]);
    }
  });
});

describe.skipIf(corpus === undefined)("damaged files of others (POSTERN_CORPUS)", () => {
  it("a text that is called a document is no clean file", async () => {
    const name = "testODTnotaZipFile.odt";
    const found = await read(readFileSync(`${corpus}/hostile/public/${name}`), { name, as: "file" });
    expect(problems(found)).toEqual([`attachment:${name}: corrupt`]);
  });
});
