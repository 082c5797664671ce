import { describe, expect, it } from "vitest";
import type { MessageHead } from "../../../src/core/message.ts";
import { isAutomatic } from "../../../src/pipeline/automatic-mail.ts";

function head(...headers: readonly (readonly [string, string])[]): MessageHead {
  return { internetMessageId: null, subject: "", from: null, recipients: [], date: null, headers };
}

describe("automatic mail", () => {
  it.each([
    ["auto-submitted", "auto-replied"],
    ["auto-submitted", "Auto-Generated; owner-email=x@corp.example"],
    ["content-type", "multipart/report; report-type=delivery-status"],
    ["return-path", " <> "],
    ["precedence", "Bulk"],
    ["precedence", "list"],
    ["x-autoreply", "yes"],
  ])("is told by %s: %s", (name, value) => {
    expect(isAutomatic(head(["subject", "s"], [name, value]))).toBe(true);
  });

  it("is not what people send", () => {
    const written = [
      ["auto-submitted", "no"],
      ["auto-submitted", "No (sent by hand)"],
      ["content-type", "multipart/mixed; boundary=report"],
      ["return-path", "<ann@corp.example>"],
      ["precedence", "first-class"],
    ] as const;
    for (const header of written) expect(isAutomatic(head(header)), header.join(": ")).toBe(false);
    expect(isAutomatic(head())).toBe(false);
    expect(isAutomatic(null)).toBe(false);
  });
});
