import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attachment, docx, mail, paragraph, zip } from "../../support/documents.ts";
import { problems, read, textAt } from "../../support/documents-reading.ts";

const HEAD = ["From: Ann <ann@corp.example>", "To: bob@out.example, Carl <carl@corp.example>", "Subject: offer"];

describe("messages", () => {
  it("give their head with lower-case addresses and decoded subject", async () => {
    const { head } = await read(
      'From: =?utf-8?q?J=C3=BCrgen?= <Juergen@Corp.Example>\r\nTo: list: a@x.example, "b c"@x.example;\r\n' +
        "Cc: <Carl@X.example>\r\nSubject: =?utf-8?b?R3LDvA==?= =?utf-8?b?w59l?=\r\nMessage-ID: <1@corp.example>\r\n\r\nhello",
    );
    expect(head?.from).toBe("juergen@corp.example");
    expect(head?.subject).toBe("Grüße");
    expect(head?.internetMessageId).toBe("<1@corp.example>");
    expect(head?.recipients).toEqual([
      { address: "a@x.example", field: "to" },
      { address: '"b c"@x.example', field: "to" },
      { address: "carl@x.example", field: "cc" },
    ]);
  });

  it("scan fields that people and programs write, and of address fields only the names", async () => {
    const found = await read(
      "From: Card 4111 <a@x.example>\r\nX-Project: falcon\r\nReceived: from 10.0.0.1\r\nSubject: s\r\n\r\nb",
    );
    expect(textAt(found, "header:from")).toBe("Card 4111");
    expect(textAt(found, "header:x-project")).toBe("falcon");
    expect(found.parts.some((part) => part.path === "header:received")).toBe(false);
  });

  it("name each level of what is inside of what is inside", async () => {
    const inner = mail(
      ["Subject: inner", "From: x@y.example"],
      [attachment("a.zip", zip([{ name: "q3/c.txt", content: "deep" }]))],
    );
    const found = await read(mail(HEAD, [attachment("fwd.eml", inner)]));
    expect(textAt(found, "attachment:fwd.eml!subject")).toBe("inner");
    expect(textAt(found, "attachment:fwd.eml!a.zip!q3/c.txt")).toBe("deep");
    expect(found.problems).toEqual([]);
    expect(found.attachments.map(({ path, mediaType }) => `${path} ${mediaType}`)).toEqual([
      "attachment:fwd.eml message/rfc822",
      "attachment:fwd.eml!a.zip application/zip",
      "attachment:fwd.eml!a.zip!q3/c.txt text/plain",
    ]);
  });

  it("give file names as parts of their own", async () => {
    const found = await read(mail(HEAD, [attachment("4111 1111 1111 1111.txt", Buffer.from("x"))]));
    expect(found.parts).toContainEqual(
      expect.objectContaining({
        path: "attachment:4111 1111 1111 1111.txt",
        origin: "metadata",
        text: "4111 1111 1111 1111.txt",
      }),
    );
  });

  it("decide by content, not by name or declared type", async () => {
    const found = await read(mail(HEAD, [attachment("photo.jpg", docx(paragraph("a letter")))]));
    expect(textAt(found, "attachment:photo.jpg")).toBe("a letter");
  });

  it("never pass an empty message for a clean one", async () => {
    expect(problems(await read(""))).toEqual(["body: corrupt"]);
  });

  it("read what stands before the first and after the last delimiter", async () => {
    const bytes = Buffer.from(
      'Content-Type: multipart/mixed; boundary="b"\r\n\r\nfore\r\n--b\r\n\r\nbetween\r\n--b--\r\nafter\r\n',
    );
    const found = await read(bytes);
    expect(textAt(found, "body")).toContain("fore");
    expect(textAt(found, "body")).toContain("between");
    expect(textAt(found, "body")).toContain("after");
  });

  it("read all declarations of a header that contradicts itself, and say so", async () => {
    const found = await read(
      "Content-Type: text/plain\r\nContent-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64\r\n\r\nc2VjcmV0IHBsYW4=\r\n",
    );
    expect(textAt(found, "body")).toContain("secret plan");
    expect(problems(found)).toEqual(["body: corrupt"]);
  });

  it("keep the head of a message that is larger than allowed", async () => {
    const found = await read(`Subject: big\r\n\r\n${"x".repeat(5000)}`, { limits: { messageBytes: 1000 } });
    expect(found.head?.subject).toBe("big");
    expect(problems(found)).toContain("body: too-large");
  });

  it("are read without an exception, whatever the bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (bytes) => {
        const found = await read(bytes);
        expect(found.head).not.toBeNull();
      }),
      { numRuns: 150 },
    );
  });

  it("lose no part, whatever the neighbours hold", async () => {
    const lines = fc.array(fc.string({ unit: "grapheme-ascii", maxLength: 40 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(lines, lines, async (before, after) => {
        const part = (text: string) => ({ headers: ["Content-Type: text/plain; charset=utf-8"], body: text });
        const bytes = mail(HEAD, [part(before.join("\r\n")), part("the needle"), part(after.join("\r\n"))], "q7Zk0Uv1");
        expect(textAt(await read(bytes), "body")).toContain("the needle");
      }),
      { numRuns: 150 },
    );
  });
});
