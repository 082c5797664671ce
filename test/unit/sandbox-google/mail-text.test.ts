import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectFields } from "../../../connectors/sandbox/google/http/fields.ts";
import { addressesIn, headerRecipients } from "../../../connectors/sandbox/google/mail/addresses.ts";
import {
  bodyStart,
  headerValue,
  readHeaders,
  withHeadersOnTop,
  withoutHeader,
} from "../../../connectors/sandbox/google/mail/headers.ts";
import { leaves, readParts } from "../../../connectors/sandbox/google/mail/parts.ts";

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/);
const value = fc.stringMatching(/^[!-9;-~][ -~]{0,30}$/).map((text) => text.trim());
const field = fc.tuple(token, value);
const eol = fc.constantFrom("\r\n", "\n");

describe("headers", () => {
  it("are read back as they were written, folded or not, with either line end", () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 6 }), eol, fc.uint8Array(), (fields, newline, body) => {
        const head = fields.map(([name, text]) => `${name}: ${text}${newline}`).join("");
        const raw = Buffer.concat([Buffer.from(`${head}${newline}`), body]);
        expect(readHeaders(raw).map(({ name, value: read }) => [name, read])).toEqual(fields);
        expect(raw.subarray(bodyStart(raw))).toEqual(Buffer.from(body));
      }),
    );
  });

  it("unfold", () => {
    const raw = Buffer.from("To: a@x.example,\r\n\tb@x.example\r\nBroken line\r\nSubject:x\r\n\r\nTo: no@x.example");
    expect(headerValue(readHeaders(raw), "to")).toBe("a@x.example,\tb@x.example");
    expect(readHeaders(raw)).toHaveLength(2);
  });

  it("are cut out and put on top without touching another byte", () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 6 }), fc.uint8Array(), (fields, body) => {
        const lines = fields
          .filter(([name]) => name.toLowerCase() !== "bcc")
          .map(([name, text]) => `${name}: ${text}\r\n`);
        const rest = Buffer.concat([Buffer.from("\r\n"), body]);
        const plain = Buffer.concat([Buffer.from(lines.join("")), rest]);
        const middle = Math.floor(lines.length / 2);
        const withBcc = [...lines.slice(0, middle), "bCC: x@y.example,\r\n z@y.example\r\n", ...lines.slice(middle)];
        expect(withoutHeader(Buffer.concat([Buffer.from(withBcc.join("")), rest]), "Bcc")).toEqual(plain);
        expect(withoutHeader(withHeadersOnTop(plain, ["Bcc: q@y.example"]), "bcc")).toEqual(plain);
      }),
    );
  });
});

describe("addresses", () => {
  it("come out of names, comments and groups, in lower case", () => {
    const text = '"Last, First" <A@X.example>, Team: b@x.example, C <c@x.example>;, d@x.example';
    expect(addressesIn(text)).toEqual(["a@x.example", "b@x.example", "c@x.example", "d@x.example"]);
  });

  it("of To, Cc and Bcc are counted once", () => {
    const raw = Buffer.from("To: a@x.example\r\nCC: A@x.example\r\nBcc: b@x.example\r\nFrom: c@x.example\r\n\r\n");
    expect(headerRecipients(raw)).toEqual(["a@x.example", "b@x.example"]);
  });
});

describe("parts", () => {
  it("give every attachment's bytes back, whatever they are", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 5 }), (files) => {
        const parts = files.map((bytes, index) =>
          [
            `Content-Type: application/x-any; name="f${index}"`,
            "Content-Transfer-Encoding: base64",
            "",
            Buffer.from(bytes).toString("base64").replace(/.{60}/g, "$&\r\n"),
          ].join("\r\n"),
        );
        const body = parts.map((part) => `--b\r\n${part}\r\n`).join("");
        const raw = Buffer.from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${body}--b--\r\n`);
        const found = leaves(readParts(raw));
        expect(found.map(({ filename }) => filename)).toEqual(files.map((_, index) => `f${index}`));
        expect(found.map(({ content }) => new Uint8Array(content))).toEqual(
          files.map((bytes) => new Uint8Array(bytes)),
        );
      }),
    );
  });

  it("never fail, however broken the message is", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, multipart) => {
        const head = multipart ? 'Content-Type: multipart/mixed; boundary=""\r\n\r\n' : "";
        expect(leaves(readParts(Buffer.concat([Buffer.from(head), bytes]))).length).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("stop at a depth instead of running out of stack", () => {
    const level = (depth: number): string => `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n`;
    const deep = Array.from({ length: 5_000 }, (_, depth) => level(depth)).join("");
    expect(leaves(readParts(Buffer.from(deep))).length).toBe(1);
  });
});

describe("partial answers", () => {
  const answer = { a: 1, list: [{ b: 2, c: { d: 3, e: 4 } }, { b: 5 }], f: { g: { h: 6 }, i: { h: 7, j: 8 } } };
  it.each([
    ["a", { a: 1 }],
    ["list(b)", { list: [{ b: 2 }, { b: 5 }] }],
    ["list/c/d,a", { a: 1, list: [{ c: { d: 3 } }, {}] }],
    ["f/*/h", { f: { g: { h: 6 }, i: { h: 7 } } }],
    ["*", answer],
  ])("of %s hold what was asked for", (fields, expected) => {
    expect(selectFields(answer, fields)).toEqual(expected);
  });

  it.each(["a(", "a,", "(a)", "a)b"])("refuse the mask %s", (fields) => {
    expect(() => selectFields(answer, fields)).toThrow("Invalid field selection");
  });
});
