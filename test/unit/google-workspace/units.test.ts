import { afterEach, describe, expect, it } from "vitest";
import { chosenUnits, unitGroups } from "../../../connectors/google-workspace/units.ts";
import { chosenMailboxes } from "../../../src/intake/chosen-mailboxes.ts";
import { ANN, BOB, MIA, openSandboxTenant, type SandboxTenant } from "./sandbox-tenant.ts";

const never = new AbortController().signal;
const people = [
  { address: "sales@corp.example", unit: "/Sales" },
  { address: "export@corp.example", unit: "/Sales/Export" },
  { address: "salesroom@corp.example", unit: "/Salesroom" },
  { address: "top@corp.example", unit: "/" },
];
const membersOf = (unit: string) => unitGroups([unit], people)[0]?.members;

describe("organisational units", () => {
  it("hold the people of the units below them, and not those of a unit whose name begins alike", () => {
    expect(membersOf("ou:/sales")).toEqual(["sales@corp.example", "export@corp.example"]);
    expect(membersOf("ou:/sales/export")).toEqual(["export@corp.example"]);
    expect(membersOf("ou:/")).toEqual(people.map(({ address }) => address));
    expect(membersOf("ou:/nowhere")).toEqual([]);
  });

  it("are named by the choice, with or without an exclamation mark, each once", () => {
    const mailboxes = ["ou:/Sales", "!ou:/sales", "ann@corp.example", "*@corp.example", "!ou:/Export"];
    expect(chosenUnits({ mailboxes })).toEqual(["ou:/sales", "ou:/export"]);
    expect(chosenUnits({ mailboxes: "all" })).toEqual([]);
  });
});

describe("a tenant that watches a unit", () => {
  let tenant: SandboxTenant;
  afterEach(() => tenant.close());

  it("has exactly the unit's people under watch", async () => {
    const mailboxes = ["ou:/sales", "!ou:/sales/export"];
    tenant = await openSandboxTenant(() => ({ mailboxes }));
    tenant.sandbox.updateUser(ANN, { unit: "/Sales" });
    tenant.sandbox.updateUser(BOB, { unit: "/Sales/Export" });
    const { mailboxes: known, groups } = await tenant.connector.directory(never);
    expect(chosenMailboxes({ mailboxes }, known, groups)).toEqual([ANN]);
    expect(known.map(({ address }) => address)).toContain(MIA);
  });
});
