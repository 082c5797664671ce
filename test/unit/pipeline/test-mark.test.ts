import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MessageHead } from "../../../src/core/message.ts";
import { isOwnNotice, NOTICE_HEADER, noticeMark } from "../../../src/pipeline/notice-mark.ts";
import { isOwnTest, testMark } from "../../../src/pipeline/test-mark.ts";

const key = new Uint8Array(32).fill(7);
const ann = "ann@corp.example";
const id = "0123456789abcdef0123456789abcdef";
const now = new Date("2026-12-01T12:00:00Z");
const mark = testMark(key, id, ann, now);

const head = (given: { readonly mark?: string; readonly from?: string }): MessageHead => ({
  internetMessageId: null,
  subject: "",
  from: given.from ?? ann,
  date: null,
  recipients: [{ address: ann, field: "to" }],
  headers: [[NOTICE_HEADER, given.mark ?? mark]],
});
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

describe("the mark of a test mail", () => {
  it("is recognised on mail from its mailbox to itself, for an hour", () => {
    expect(isOwnTest(key, head({}), [ann], ann, now)).toBe(true);
    expect(isOwnTest(key, head({}), [ann], ann, later(60))).toBe(true);
    expect(isOwnTest(key, head({}), [ann], ann, later(61))).toBe(false);
  });

  it.each([
    ["a mark made with another key", head({ mark: testMark(new Uint8Array(32), id, ann, now) }), [ann], ann],
    ["a copied mark with a recipient that only the provider knows", head({}), [ann, "x@out.example"], ann],
    ["a copied mark to somebody else", head({}), ["x@out.example"], ann],
    [
      "a mark in another person's mailbox",
      head({ from: "eve@corp.example" }),
      ["eve@corp.example"],
      "eve@corp.example",
    ],
    ["a mail in another's name", head({ from: "eve@corp.example" }), [ann], ann],
    ["a mail without recipients", head({}), [], ann],
    ["a mark whose end was put off", head({ mark: mark.replace(/^t1\.(\d)/, "t1.9$1") }), [ann], ann],
    ["the mark of a notice", head({ mark: noticeMark(key, id, ann) }), [ann], ann],
  ])("does not let through %s", (_case, forged, recipients, mailbox) => {
    expect(isOwnTest(key, forged, recipients, mailbox, now)).toBe(false);
  });

  it("is no mark of a notice either", () => {
    expect(isOwnNotice(key, head({}), ann, ann)).toBe(false);
  });

  it("cannot be made up", () => {
    const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          hex.map((signature) => mark.slice(0, -64) + signature),
        ),
        (made) => {
          fc.pre(made !== mark);
          expect(isOwnTest(key, head({ mark: made }), [ann], ann, now)).toBe(false);
        },
      ),
    );
  });
});
