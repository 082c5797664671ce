import { describe, expect, it } from "vitest";
import type { MessageHead } from "../../../src/core/message.ts";
import { isOwnNotice, NOTICE_HEADER, noticeMark } from "../../../src/pipeline/notice-mark.ts";

const key = new Uint8Array(32).fill(7);
const service = "dlp@corp.example";
const action = "0123456789abcdef0123456789abcdef";
const head = (to: readonly string[], mark: string | null): MessageHead => ({
  internetMessageId: null,
  subject: "",
  from: service,
  date: null,
  recipients: to.map((address) => ({ address, field: "to" })),
  headers: mark === null ? [] : [[NOTICE_HEADER, mark]],
});

describe("the mark of Postern's own mails", () => {
  const mark = noticeMark(key, action, "ann@corp.example");

  it("is recognised on the notice that it was made for", () => {
    expect(isOwnNotice(key, head(["ann@corp.example"], mark), service, service)).toBe(true);
  });

  it.each([
    ["a mail without it", head(["ann@corp.example"], null), service],
    [
      "a mark made with another key",
      head(["ann@corp.example"], noticeMark(new Uint8Array(32), action, "ann@corp.example")),
      service,
    ],
    ["a mark copied to another recipient", head(["x@out.example"], mark), service],
    ["a mark copied with one more recipient", head(["ann@corp.example", "x@out.example"], mark), service],
    ["a mark in another person's mailbox", head(["ann@corp.example"], mark), "eve@corp.example"],
    ["a mark that is no mark", head(["ann@corp.example"], "v1.x.y"), service],
  ])("does not let through %s", (_case, forged, mailbox) => {
    expect(isOwnNotice(key, forged, mailbox, service)).toBe(false);
  });

  it("lets nothing through without a service mailbox", () => {
    expect(isOwnNotice(key, head(["ann@corp.example"], mark), service, null)).toBe(false);
  });
});
