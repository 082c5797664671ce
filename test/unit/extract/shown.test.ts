import { describe, expect, it } from "vitest";
import { docx, mail, paragraph, zip } from "../../support/documents.ts";
import { problems, read, textAt } from "../../support/documents-reading.ts";

const file = (name: string) => ({ name, as: "file" as const });

describe("what a document's program shows", () => {
  it("is a DDE link as its formula writes it", async () => {
    const link =
      '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><ddeLink ddeService="cmd" ddeTopic="/c calc"><ddeItems><ddeItem name="A1"/></ddeItems></ddeLink></externalLink>';
    const found = await read(docx("", [{ name: "xl/externalLinks/externalLink1.xml", content: link }]), file("a.docx"));
    expect(textAt(found, "attachment:a.docx")).toContain("cmd|/c calc!A1");
  });

  it("is the author of a comment with initials, and alternative text of plain words", async () => {
    const comments =
      '<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:comment w:author="Ann Lee" w:initials="AL"><w:p/></w:comment></w:comments>';
    const body = `${paragraph("a")}<w:p><w:r><w:drawing><wp:docPr id="1" name="Picture 1" descr="plans for the merger"/></w:drawing></w:r></w:p>`;
    const found = await read(docx(body, [{ name: "word/comments.xml", content: comments }]), file("a.docx"));
    const text = textAt(found, "attachment:a.docx");
    expect(text).toContain("Ann Lee (AL)");
    expect(text).toContain("plans for the merger");
    expect(text).not.toContain("Picture 1");
  });

  it("is the comment of a GIF", async () => {
    const gif = Buffer.concat([
      Buffer.from("GIF89a\x01\0\x01\0\0\0\0", "latin1"),
      Buffer.from("\x21\xfe\x09card 4111\0\x3b", "latin1"),
    ]);
    const found = await read(gif, file("a.gif"));
    expect(found.parts.map(({ text }) => text)).toContain("card 4111");
  });

  it("is the whole header of a mail that was attached as a text", async () => {
    const inner = "Received: from relay.example by mx.example\r\nFrom: a@b.example\r\nSubject: hello\r\n\r\nbody";
    const outer = mail(
      ["Subject: s"],
      [{ headers: ['Content-Type: text/plain; name="a.txt"', "Content-Disposition: attachment"], body: inner }],
    );
    expect(textAt(await read(outer), "attachment:a.txt")).toContain("from relay.example");
  });
});

/** Encodes as the draft of yEnc 1.3 says; the escapes that newsreaders need. */
function yenc(content: Buffer): string {
  return [...content]
    .map((byte) => (byte + 42) & 255)
    .map((value) =>
      [0, 10, 13, 61].includes(value) ? `=${String.fromCharCode((value + 64) & 255)}` : String.fromCharCode(value),
    )
    .join("");
}

describe("yEnc in a body", () => {
  const archive = zip([{ name: "list.txt", content: "card 4111 1111 1111 1111", stored: true }]);
  const post = (size: number, range = "") =>
    Buffer.from(
      `Subject: s\r\n\r\n=ybegin part=1 line=9999 size=${size} name=a.zip\r\n${range}${yenc(archive)}\r\n=yend size=${size}\r\n`,
      "latin1",
    );

  it("is decoded from its bytes, whatever charset they look like, and keeps the lines that describe it", async () => {
    const found = await read(post(archive.length));
    expect(textAt(found, "attachment:a.zip!list.txt")).toBe("card 4111 1111 1111 1111");
    expect(textAt(found, "body")).toContain("=ybegin part=1");
  });

  it("stays in the text and is a problem when it has not the size that it tells", async () => {
    const found = await read(post(archive.length + 5));
    expect(textAt(found, "body")).toContain("=yend size=");
    expect(problems(found)).toContain("body: corrupt");
  });

  it("is a problem when it is one piece of several", async () => {
    const found = await read(post(archive.length, "=ypart begin=1 end=5\r\n"));
    expect(problems(found)).toContain("body: unreachable");
  });
});
