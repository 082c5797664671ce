import { describe, expect, it } from "vitest";
import { directoryFacts } from "../../../src/pipeline/directory-facts.ts";
import { isOwnMessage, refuseOwnMessage } from "../../../src/quarantine/own-message.ts";

const mailbox = (name: string, ...aliases: string[]) => ({
  address: `${name}@corp.example`,
  userId: name,
  aliases,
  displayName: name,
  manager: null,
  usable: true,
});
const directory = directoryFacts(
  ["corp.example"],
  [mailbox("ann", "a.lee@corp.example"), mailbox("bob"), mailbox("carl"), mailbox("dora")],
  [{ address: "team@corp.example", aliases: [], members: ["carl@corp.example"] }],
);
const item = { sender: "ann@corp.example", recipients: ["bob@corp.example", "team@corp.example", "x@out.example"] };

describe("one's own message", () => {
  it.each([
    "ann@corp.example",
    "A.Lee@corp.example",
    "ann+lists@corp.example",
    "bob@corp.example",
    "carl@corp.example",
  ])("is that of sender and recipients, by every address and through groups: %s", (person) => {
    expect(isOwnMessage(item, person, directory)).toBe(true);
    expect(() => refuseOwnMessage(item, person, directory)).toThrow(expect.objectContaining({ code: "FORBIDDEN" }));
  });

  it("is not that of others", () => {
    expect(isOwnMessage(item, "dora@corp.example", directory)).toBe(false);
    expect(() => refuseOwnMessage(item, "dora@corp.example", directory)).not.toThrow();
  });
});
