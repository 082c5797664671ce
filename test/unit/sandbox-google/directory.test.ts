import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GoogleSandbox } from "../../../connectors/sandbox/google/sandbox.ts";
import { ANN, BOB, type Caller, caller, type Json, startWithPeople, text, tokenFor } from "./client.ts";

const SCOPES = "admin.directory.user.readonly admin.directory.domain.readonly admin.directory.group.readonly";

let sandbox: GoogleSandbox;
let admin: Caller;
beforeAll(async () => {
  sandbox = await startWithPeople({ domains: ["corp.example", "lab.corp.example"] });
  sandbox.addUser({ address: "gone@corp.example", name: "Gone Girl", suspended: true });
  sandbox.addUser({ address: "lea@lab.corp.example", name: "Lea Lab", isMailboxSetup: false });
  sandbox.addGroup({
    address: "team@corp.example",
    members: [ANN, "inner@corp.example"],
    aliases: ["crew@corp.example"],
  });
  sandbox.addGroup({ address: "inner@corp.example", members: [BOB, "eve@out.example", "team@corp.example"] });
  admin = caller(`${sandbox.adminUrl}/admin/directory/v1`, await tokenFor(sandbox, sandbox.adminEmail, SCOPES));
});
afterAll(() => sandbox.close());

const emails = (list: Json | undefined): string[] =>
  [...(list ?? [])].map((item) => text(item.primaryEmail ?? item.email));

describe("users", () => {
  it("are listed in pages with aliases, manager and state", async () => {
    const all: Json[] = [];
    let token = "";
    do {
      const { body } = await admin("GET", `/users?customer=my_customer&maxResults=2${token}`);
      all.push(...(body.users ?? []));
      token = body.nextPageToken === undefined ? "" : `&pageToken=${text(body.nextPageToken)}`;
    } while (token !== "");
    expect(all.map(({ primaryEmail }) => text(primaryEmail))).toEqual([
      "admin@corp.example",
      ANN,
      BOB,
      "gone@corp.example",
      "lea@lab.corp.example",
    ]);
    expect(all[1]).toMatchObject({ aliases: ["a@corp.example"], name: { fullName: "Ann Adams" } });
    expect(all[2]?.relations).toEqual([{ value: ANN, type: "manager" }]);
    expect(all.map(({ suspended, isMailboxSetup }) => [suspended, isMailboxSetup]).slice(3)).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it("are found by alias, by domain and by query, and only the wanted fields are shown", async () => {
    expect((await admin("GET", "/users/a@corp.example")).body.primaryEmail).toBe(ANN);
    expect((await admin("GET", "/users/nobody@corp.example")).status).toBe(404);
    expect(emails((await admin("GET", "/users?domain=lab.corp.example")).body.users)).toEqual(["lea@lab.corp.example"]);
    const managed = await admin(
      "GET",
      `/users?customer=my_customer&query=${encodeURIComponent(`directManager='${ANN}'`)}&fields=users(primaryEmail,name/fullName)`,
    );
    expect(managed.body).toEqual({ users: [{ primaryEmail: BOB, name: { fullName: "Bob Brown" } }] });
  });

  it("are refused without customer or domain, to strangers and to people who are no administrators", async () => {
    expect((await admin("GET", "/users")).status).toBe(400);
    expect((await admin("GET", "/users?customer=C0other")).status).toBe(403);
    const bob = caller(`${sandbox.adminUrl}/admin/directory/v1`, await tokenFor(sandbox, BOB, SCOPES));
    expect((await bob("GET", "/users?customer=my_customer")).body.error?.message).toContain("Not Authorized");
  });
});

describe("domains and groups", () => {
  it("tells the verified domains, the primary one marked", async () => {
    const { body } = await admin("GET", `/customer/${sandbox.customerId}/domains`);
    expect(
      [...(body.domains ?? [])].map(({ domainName, isPrimary, verified }) => [domainName, isPrimary, verified]),
    ).toEqual([
      ["corp.example", true, true],
      ["lab.corp.example", false, true],
    ]);
  });

  it("lists groups, finds one by alias, and shows direct or derived members", async () => {
    expect(emails((await admin("GET", "/groups?customer=my_customer")).body.groups)).toEqual([
      "team@corp.example",
      "inner@corp.example",
    ]);
    expect((await admin("GET", "/groups/crew@corp.example")).body.directMembersCount).toBe("2");
    const direct = await admin("GET", "/groups/team@corp.example/members");
    expect(emails(direct.body.members)).toEqual([ANN, "inner@corp.example"]);
    const derived = await admin("GET", "/groups/team@corp.example/members?includeDerivedMembership=true");
    expect(emails(derived.body.members)).toEqual([
      ANN,
      "inner@corp.example",
      BOB,
      "eve@out.example",
      "team@corp.example",
    ]);
    expect([...(derived.body.members ?? [])].map(({ type }) => text(type))).toEqual([
      "USER",
      "GROUP",
      "USER",
      "USER",
      "GROUP",
    ]);
  });
});
