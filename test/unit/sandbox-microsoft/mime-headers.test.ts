import fc from "fast-check";
import { expect, test } from "vitest";
import {
  headerAddresses,
  headerText,
  readHeaders,
  withHeader,
  withoutHeader,
} from "../../../connectors/sandbox/mime/headers.ts";

const mime = (text: string) => Buffer.from(text.replaceAll("\n", "\r\n"), "latin1");

test("folded headers are one, and the body is not read", () => {
  const headers = readHeaders(mime("Subject: a\n b\nTo: x@y\n\nBcc: no@body\n"));
  expect(headers).toEqual([
    { name: "Subject", value: "a b" },
    { name: "To", value: "x@y" },
  ]);
});

test("encoded words and raw bytes of either charset are readable", () => {
  const read = (bytes: Buffer) => headerText(readHeaders(bytes), "subject");
  expect(read(mime("Subject: =?utf-8?B?w6k=?=\n\n"))).toBe("é");
  expect(read(Buffer.from("Subject: é\r\n\r\n", "utf8"))).toBe("é");
  expect(read(mime("Subject: \xe9\n\n"))).toBe("é");
});

test("addresses of a list are read with names, groups are opened, repeated headers are joined", () => {
  const headers = readHeaders(mime('To: "B, Bob" <bob@x>, team: a@x, c@x;\nTo: d@x\n\n'));
  expect(headerAddresses(headers, "to").map((one) => one.address)).toEqual(["bob@x", "a@x", "c@x", "d@x"]);
  expect(headerAddresses(headers, "to")[0]?.name).toBe("B, Bob");
});

test("a header that is put in front and taken away again leaves every byte as it was", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      fc.pre(!Buffer.from(bytes).toString("latin1").toLowerCase().includes("x-mark:"));
      // A body that starts with a blank would continue the new header.
      fc.pre(bytes[0] !== 0x20 && bytes[0] !== 0x09);
      expect(Buffer.from(withoutHeader(withHeader(bytes, "X-Mark", "1"), "x-mark"))).toEqual(Buffer.from(bytes));
    }),
  );
});

test("a folded header goes as a whole, the rest stays byte for byte", () => {
  const message = mime("A: 1\nBcc: x@y,\n z@y\nB: \xff\n\nBcc: body\n");
  expect(Buffer.from(withoutHeader(message, "bcc")).equals(mime("A: 1\nB: \xff\n\nBcc: body\n"))).toBe(true);
});

test("no bytes make the reader fail", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void readHeaders(bytes)));
});
