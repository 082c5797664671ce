import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { meet, PEOPLE, startTestTenant, type TestTenant } from "./support/tenant.ts";

const { signal } = new AbortController();

describe("the directory", () => {
  let tenant: TestTenant;
  beforeEach(async () => {
    tenant = await startTestTenant();
  });
  afterEach(async () => {
    await tenant.close();
  });

  it("knows people by all their addresses, in small pages too", async () => {
    tenant.sandbox.quirks.maxPageSize = 1;
    tenant.sandbox.addUser({ address: "Zoe@contoso.example", displayName: "Zoe", aliases: ["Z@contoso.example"] });
    const { mailboxes } = await tenant.connector.directory(signal);
    expect(mailboxes).toHaveLength(5);
    expect(mailboxes.find((mailbox) => mailbox.address === "zoe@contoso.example")).toMatchObject({
      aliases: ["z@contoso.example"],
      displayName: "Zoe",
      manager: null,
      usable: true,
    });
  });

  it("asks for managers one by one where the listing does not bring them", async () => {
    meet(tenant.sandbox, { path: "/v1.0/users" }, { answer: { status: 400, code: "BadRequest" } });
    const { mailboxes } = await tenant.connector.directory(signal);
    expect(mailboxes.find((mailbox) => mailbox.address === PEOPLE.sender)?.manager).toBe(PEOPLE.manager);
    expect(mailboxes.find((mailbox) => mailbox.address === PEOPLE.manager)?.manager).toBeNull();
  });

  it("expands groups in groups, people outside included", async () => {
    tenant.sandbox.addGroup({ address: "inner@contoso.example", members: [PEOPLE.colleague, PEOPLE.outsider] });
    tenant.sandbox.addGroup({ address: "outer@contoso.example", members: ["inner@contoso.example", PEOPLE.manager] });
    const { groups } = await tenant.connector.directory(signal);
    const outer = groups.find((group) => group.address === "outer@contoso.example");
    expect(new Set(outer?.members)).toEqual(new Set([PEOPLE.colleague, PEOPLE.outsider, PEOPLE.manager]));
  });

  it("reads the domains from the organization where the list of domains is forbidden", async () => {
    tenant.sandbox.application.roles.delete("Domain.Read.All");
    expect((await tenant.connector.directory(signal)).domains).toEqual(["contoso.example"]);
  });

  it("is useful without groups when they may not be read", async () => {
    tenant.sandbox.application.roles.delete("GroupMember.Read.All");
    const { groups, mailboxes } = await tenant.connector.directory(signal);
    expect(groups).toEqual([]);
    expect(mailboxes).toHaveLength(4);
  });

  it("fails whole when people cannot be read", async () => {
    meet(
      tenant.sandbox,
      { path: "/v1.0/users", count: 3 },
      { answer: { status: 403, code: "Authorization_RequestDenied" } },
    );
    await expect(tenant.connector.directory(signal)).rejects.toMatchObject({ code: "PROVIDER_FORBIDDEN" });
  });
});
