import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../../src/extract/limits.ts";
import { problems, read, textAt } from "../../support/documents-reading.ts";

const CARD = "4111 1111 1111 1111";

describe("fields that may stand once and stand there several times", () => {
  it("are all scanned when they differ, with a doubt on their part", async () => {
    const found = await read(
      `Subject: first\r\nFrom: Ann <a@x.example>\r\nSubject: ${CARD}\r\nFrom: ${CARD} <b@x.example>\r\n\r\nbody`,
    );
    expect(textAt(found, "subject")).toContain("first");
    expect(textAt(found, "subject")).toContain(CARD);
    expect(textAt(found, "header:from")).toContain(CARD);
    expect(found.head?.subject).toBe("first");
    expect(found.head?.from).toBe("a@x.example");
    expect(problems(found)).toEqual(["header:from: corrupt", "subject: corrupt"]);
  });

  it("give the recipients of every one of them", async () => {
    const found = await read(
      "To: a@x.example\r\nTo: b@y.example\r\nCc: c@z.example\r\nCc: d@z.example, a@x.example\r\n\r\nbody",
    );
    expect(found.head?.recipients.map(({ address }) => address)).toEqual([
      "a@x.example",
      "b@y.example",
      "c@z.example",
      "d@z.example",
    ]);
    expect(problems(found)).toEqual(["header:to: corrupt", "header:cc: corrupt"]);
  });

  it("are no doubt when they say the same, folded or encoded otherwise", async () => {
    const found = await read("Subject: one two\r\nSubject: =?utf-8?q?one?=\r\n two\r\nTo: a@x.example\r\n\r\nbody");
    expect(found.problems).toEqual([]);
  });

  it("lose no value, however many there are", async () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);
    const fields = fc.array(fc.tuple(fc.constantFrom("Subject", "From", "To", "Cc"), word), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(fields, async (list) => {
        const lines = list.map(([name, value]) =>
          name === "Subject" ? `Subject: ${value}` : `${name}: "${value}" <${value}@x.example>`,
        );
        const found = await read(["X-First: 1", ...lines, "", "body"].join("\r\n"));
        for (const [name, value] of list) {
          const path = name === "Subject" ? "subject" : `header:${name.toLowerCase()}`;
          expect(textAt(found, path)).toContain(value);
          if (/To|Cc/.test(name)) {
            expect(found.head?.recipients.map(({ address }) => address)).toContain(`${value}@x.example`);
          }
        }
        const names = ["Subject", "From", "To", "Cc"].filter(
          (name) => new Set(list.filter((item) => item[0] === name).map((item) => item[1])).size > 1,
        );
        expect(found.problems.length).toBe(names.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a message of more parts than allowed", () => {
  it("is too many, and not also a last part that is not closed", async () => {
    const part = "--s\r\n\r\nx\r\n";
    const bytes = `Content-Type: multipart/mixed; boundary="s"\r\n\r\n${part.repeat(DEFAULT_LIMITS.mimeParts + 5)}--s--\r\n`;
    expect(problems(await read(bytes))).toEqual(["body: too-many"]);
  });
});
