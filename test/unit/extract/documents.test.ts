import { describe, expect, it } from "vitest";
import { docx, paragraph, pdf, xlsx, zip } from "../../support/documents.ts";
import { problems, read, textAt } from "../../support/documents-reading.ts";

const file = (name: string) => ({ name, as: "file" as const });

describe("Word documents", () => {
  it("join the runs of a paragraph and keep rows of tables", async () => {
    const table = `<w:tbl><w:tr><w:tc>${paragraph("name")}</w:tc><w:tc>${paragraph("card")}</w:tc></w:tr></w:tbl>`;
    const found = await read(docx(paragraph("4111 11", "11 1111 ", "1111") + table), file("a.docx"));
    expect(textAt(found, "attachment:a.docx")).toContain("4111 1111 1111 1111");
    expect(textAt(found, "attachment:a.docx")).toMatch(/name *\tcard/);
    expect(found.head).toBeNull();
    expect(found.problems).toEqual([]);
  });

  it("give deleted text and field codes beside the visible text, not inside of it", async () => {
    const body =
      '<w:p><w:r><w:t>12</w:t></w:r><w:del w:author="Ann Lee"><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>34</w:t></w:r></w:p>';
    const text = textAt(await read(docx(body), file("a.docx")), "attachment:a.docx");
    expect(text).toContain("1234");
    expect(text.split("\n")).toContain("gone");
    // And as it is shown while changes are.
    expect(text).toContain("12gone34");
  });

  it("are found by what parts are, not by what they are called", async () => {
    const parts = [
      {
        name: "x/y.xml",
        content:
          '<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:t>a remark</w:t></w:r></w:p></w:comments>',
      },
    ];
    expect(textAt(await read(docx(paragraph("a"), parts), file("a.docx")), "attachment:a.docx")).toContain("a remark");
  });

  it("do not expand entities, and say that there were some", async () => {
    const bomb =
      '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;">]><w:document xmlns:w="urn:x"><w:t>&c;</w:t></w:document>';
    const found = await read(docx("", [{ name: "word/evil.xml", content: bomb }]), file("a.docx"));
    expect(problems(found)).toEqual(["attachment:a.docx: unsupported"]);
  });
});

describe("workbooks", () => {
  it("give rows as a table, with numbers as they are shown and as they are stored", async () => {
    const rows =
      '<row><c r="A1" t="inlineStr"><is><t>card</t></is></c><c r="C1" s="1"><v>4.111111111111111E15</v></c></row>';
    const found = await read(xlsx({ data: rows }, ["0000-0000"]), file("a.xlsx"));
    const tables = found.parts.filter((part) => part.layout === "table").map((part) => part.text);
    expect(tables).toHaveLength(2);
    expect(tables[0]).toMatch(/^card\t\t\d+-1111$|^card\t\t\d+-\d{4}$/);
    expect(tables[1]).toBe("card\t\t4111111111111111");
  });

  it("read a cell at the far corner without filling the way to it", async () => {
    const rows = '<row><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row>';
    const found = await read(xlsx({ data: rows }), file("a.xlsx"));
    expect(textAt(found, "attachment:a.xlsx")).toContain("far");
    expect(textAt(found, "attachment:a.xlsx").length).toBeLessThan(1_000);
  });

  it("say when a cell refers to a text that is not there", async () => {
    const found = await read(xlsx({ data: '<row><c r="A1" t="s"><v>4294967295</v></c></row>' }), file("a.xlsx"));
    expect(problems(found)).toEqual(["attachment:a.xlsx: corrupt"]);
  });
});

describe("PDF", () => {
  it("gives its text", async () => {
    const found = await read(pdf("account (DE89) 3704"), file("a.pdf"));
    expect(textAt(found, "attachment:a.pdf")).toContain("account (DE89) 3704");
    expect(found.problems).toEqual([]);
  });

  it("says when its end is missing", async () => {
    const whole = pdf("hello");
    const found = await read(whole.subarray(0, whole.length - 60), file("a.pdf"));
    expect(problems(found)).toContain("attachment:a.pdf: corrupt");
  });
});

describe("OpenDocument", () => {
  const odt = (content: string) =>
    zip([
      { name: "mimetype", content: "application/vnd.oasis.opendocument.text", stored: true },
      {
        name: "content.xml",
        content: `<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b">${content}</office:document-content>`,
      },
      { name: "META-INF/manifest.xml", content: "<manifest/>" },
    ]);

  it("joins spans and spaces", async () => {
    const found = await read(odt('<text:p>41<text:span>11</text:span><text:s text:c="2"/>x</text:p>'), file("a.odt"));
    expect(textAt(found, "attachment:a.odt")).toBe("4111  x");
  });

  it("does not repeat what a document asks to repeat for ever", async () => {
    const cells =
      '<table:table><table:table-row><table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row></table:table>';
    const found = await read(odt(`${cells}<text:p><text:s text:c="2000000000"/></text:p>`), file("a.odt"));
    expect(problems(found)).toEqual(["attachment:a.odt: too-large"]);
  });
});

describe("files of a known kind without a reader", () => {
  it("are the problem unsupported with their type", async () => {
    const found = await read(Buffer.from("\x00\x00\x00\x20ftypisom....", "latin1"), file("film.mp4"));
    expect(found.problems).toEqual([{ part: "attachment:film.mp4", code: "unsupported", detail: "video/mp4" }]);
  });
});
