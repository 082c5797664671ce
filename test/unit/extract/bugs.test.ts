import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { extract } from "../../../src/extract/extract.ts";
import { DEFAULT_LIMITS } from "../../../src/extract/limits.ts";

const corpus = process.env.POSTERN_CORPUS;

async function read(name: string) {
  const bytes = readFileSync(`${corpus}/bugs/${name}`);
  const found = await extract(
    { bytes, name: null, as: "message" },
    { limits: DEFAULT_LIMITS },
    new AbortController().signal,
  );
  const text = found.parts.map((part) => part.text).join("\n");
  return { ...found, text, codes: found.problems.map((problem) => problem.code) };
}

/** File, what must be found in one piece, problem codes that must be there. */
const CASES: readonly (readonly [file: string, found: readonly string[], codes: readonly string[]])[] = [
  ["01-rfc822-in-bounce.eml", ["4111111111111111"], []],
  ["02-rfc822-base64.eml", ["865-41-2073"], []],
  ["03-apple-interleaved-text.eml", ["5555 5555 5555 4444"], []],
  ["04-apple-alt-mixed-docx.eml", ["DE89 3704 0044 0532 0130 00"], []],
  ["05-alt-plain-benign-html-ssn.eml", ["821-36-4409"], []],
  ["07-iso2022jp-declared-utf8-body.eml", ["社外秘"], []],
  ["08-gbk-8bit-raw.eml", ["机密"], []],
  ["09-base64-padded-chunks.eml", ["4111 1111 1111 1111"], []],
  ["11-boundary-trailing-junk.eml", ["5105105105105100"], []],
  ["12-boundary-prefix-collision.eml", ["874-52-9016"], []],
  ["13-missing-final-boundary.eml", ["4242424242424242"], ["corrupt"]],
  ["14-rfc2231-filename.eml", ["838-27-6154", "812-63-7705", "Gehälter Übersicht 2024.csv"], []],
  ["15-unindented-name-param.eml", ["5200828282828210"], ["corrupt"]],
  ["18-flowed-qp-split.eml", ["4111111111111111"], []],
  ["19-mime-depth-2000.eml", ["4000056655665556"], ["too-deep"]],
  ["20-mime-siblings-12000.eml", [], ["too-many"]],
  ["22-html-nested-div.eml", ["5105105105105100"], []],
  ["25-html-split-tags.eml", ["821-36-4409"], []],
  ["27-utf16-bom-txt.eml", ["865-41-2073", "821-36-4409", "874-52-9016", "4111111111111111"], []],
  ["28-octet-stream-no-ext.eml", ["GB82 WEST 1234 5698 7654 32", "4012888888881881"], []],
  ["29-zip-password.eml", ["cards.txt"], ["encrypted"]],
  ["31-docx-textbox.eml", ["5105 1051 0510 5100", "865-41-2073"], []],
  ["34-xlsx-veryhidden-inlinestr.eml", ["5555555555554444"], []],
  ["35-xlsx-bogus-dimension.eml", ["4242424242424242"], []],
  ["37-pdf-digit-by-digit.eml", ["SSN 865-41-2073"], []],
  ["42-zip-lying-size.eml", ["378282246310005"], ["too-large"]],
  ["43-zip-overlap.eml", [], ["too-large"]],
  ["44-zip-nested.eml", ["6011111111111117"], ["too-deep"]],
  ["45-zip-slip.eml", ["838-27-6154"], []],
];

describe.skipIf(corpus === undefined)("bug reports of others (POSTERN_CORPUS)", () => {
  it.each(CASES)("reads %s as its author meant it", async (file, found, codes) => {
    const extraction = await read(file);
    for (const text of found) expect(extraction.text).toContain(text);
    for (const code of codes) expect(extraction.codes).toContain(code);
    expect(extraction.head).not.toBeNull();
  });

  it("knows the people of lists that are hard to read", async () => {
    expect((await read("74-quarantine-odd-recipient.eml")).head?.recipients.map(({ address }) => address)).toEqual([
      '"clear@partner.example >>=clear"@partner.example',
      "j.x@partner.example",
    ]);
    expect((await read("77-cef-injection.eml")).head?.from).toBe("robin@corp.example");
  });

  it("says one thing about a mail of too many parts", async () => {
    expect((await read("20-mime-siblings-12000.eml")).codes).toEqual(["too-many"]);
  });

  it("says nothing about mails that it read completely", async () => {
    for (const file of ["01-rfc822-in-bounce.eml", "07-iso2022jp-declared-utf8-body.eml", "31-docx-textbox.eml"]) {
      expect((await read(file)).problems).toEqual([]);
    }
  });
});
