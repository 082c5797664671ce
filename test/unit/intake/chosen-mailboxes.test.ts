import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DirectoryMailbox } from "../../../src/core/tenant.ts";
import { chosenMailboxes } from "../../../src/intake/chosen-mailboxes.ts";

function person(address: string, change: Partial<DirectoryMailbox> = {}): DirectoryMailbox {
  return { address, userId: address, aliases: [], displayName: address, manager: null, usable: true, ...change };
}

const PEOPLE = [
  person("ann@corp.example", { aliases: ["a@corp.example"] }),
  person("bob@corp.example"),
  person("carl@lab.corp.example"),
  person("dora@lab.corp.example"),
  person("gone@corp.example", { usable: false }),
];
const GROUPS = [
  {
    address: "sales@corp.example",
    aliases: ["vendors@corp.example"],
    members: ["a@corp.example", "dora@lab.corp.example", "x@out.example", "gone@corp.example"],
  },
];
const choose = (...mailboxes: readonly string[]) => chosenMailboxes({ mailboxes }, PEOPLE, GROUPS);

describe("the mailboxes under watch", () => {
  it("are all that can be used, where nothing else was chosen", () => {
    expect(chosenMailboxes({ mailboxes: "all" }, PEOPLE, GROUPS)).toEqual(PEOPLE.slice(0, 4).map((one) => one.address));
  });

  it("are those that were named, by address, alias, group or domain, in any case", () => {
    expect(choose("A@corp.example", "gone@corp.example")).toEqual(["ann@corp.example"]);
    expect(choose("Vendors@corp.example")).toEqual(["ann@corp.example", "dora@lab.corp.example"]);
    expect(choose("*@LAB.corp.example")).toEqual(["carl@lab.corp.example", "dora@lab.corp.example"]);
    expect(choose("bob@corp.example", "*@lab.corp.example", "!sales@corp.example")).toEqual([
      "bob@corp.example",
      "carl@lab.corp.example",
    ]);
  });

  it("are all others where only exceptions were named", () => {
    expect(choose("!sales@corp.example")).toEqual(["bob@corp.example", "carl@lab.corp.example"]);
  });

  it("are never one that is left out, whatever else is chosen", () => {
    const entry = fc.constantFrom("ann@corp.example", "*@corp.example", "sales@corp.example", "*@lab.corp.example");
    fc.assert(
      fc.property(fc.array(entry), fc.array(entry), (taken, left) => {
        const without = choose(...taken, ...left.map((one) => `!${one}`));
        const leftOut = left.length === 0 ? [] : choose(...left);
        return without.every((address) => !leftOut.includes(address));
      }),
    );
  });
});
