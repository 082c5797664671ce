import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { read } from "../../support/documents-reading.ts";

const corpus = process.env.POSTERN_CORPUS;

/** File, and what must be found in one piece, white space aside. */
const CASES: readonly (readonly [file: string, found: string])[] = [
  ["testPDF_acroform3.pdf", "aTextField: TIKA-1226"],
  ["testPPT_comment.ppt", "Allison, Timothy B. (ATB)"],
  ["testEXCEL_embeddedPDF_mac.xls", "is a toolkit for detecting"],
  ["testEXCEL_embeddedPDF_windows.xls", "testPDF.pdf"],
  ["testException2.doc", "07-Force-on-a-current-S00.doc"],
  ["testWORD_embedded_rtf.doc", "_1404039792.rtf"],
];

describe.skipIf(corpus === undefined)("documents of other programs' tests (POSTERN_CORPUS)", () => {
  it.each(CASES)("%s gives %s", async (name, wanted) => {
    const bytes = readFileSync(`${corpus}/documents/tika/${name}`);
    const { parts } = await read(bytes, { name, as: "file" });
    const text = parts.map((part) => part.text.replace(/\s+/g, "")).join("\n");
    expect(text).toContain(wanted.replace(/\s+/g, ""));
  });
});
