import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PEOPLE, startTestTenant, type TestTenant } from "./support/tenant.ts";

const { signal } = new AbortController();

describe("checks of a tenant", () => {
  let tenant: TestTenant;
  beforeEach(async () => {
    tenant = await startTestTenant();
  });
  afterEach(async () => {
    await tenant.close();
  });

  const failing = async (mode: "observe" | "respond", connector = tenant.connector) =>
    (await connector.check(mode, signal)).filter((check) => !check.ok);

  it.each([
    ["Domain.Read.All", "domains"],
    ["GroupMember.Read.All", "groups"],
    ["MailboxSettings.ReadWrite", "categories"],
    ["Mail.Send", "send"],
  ])("name %s when it was not granted", async (role, name) => {
    tenant.sandbox.application.roles.delete(role);
    // Rights that imply it.
    if (role === "Domain.Read.All" || role === "GroupMember.Read.All")
      tenant.sandbox.application.roles.delete("Directory.Read.All");
    const checks = await failing("respond");
    expect(checks.map((check) => check.name)).toEqual([name]);
    expect(checks[0]).toMatchObject({ missing: role, grant: expect.stringContaining(role) });
  });

  it("ask for no right to write in observe mode", async () => {
    for (const role of ["Mail.ReadWrite", "Mail.Send", "MailboxSettings.ReadWrite"])
      tenant.sandbox.application.roles.delete(role);
    expect(await failing("observe")).toEqual([]);
    expect((await failing("respond")).map((check) => check.name)).toEqual(["change-message", "categories", "send"]);
  });

  it("change nothing in any mailbox and send nothing", async () => {
    await tenant.connector.check("respond", signal);
    expect(
      Object.values(PEOPLE)
        .slice(0, 3)
        .flatMap((address) => tenant.sandbox.messages(address)),
    ).toEqual([]);
    expect(tenant.sandbox.outside).toEqual([]);
    const changing = tenant.sandbox.requests.filter((seen) => seen.method !== "GET" && seen.path.startsWith("/v1.0/"));
    expect(changing.map((seen) => seen.status)).toEqual([404, 404, 404]);
  });

  it("end after the token when there is none, with what to do about it", async () => {
    const connector = tenant.open({ credential: { kind: "secret", value: "wrong" } });
    expect(await connector.check("respond", signal)).toEqual([
      {
        name: "token",
        ok: false,
        missing: "a valid client secret",
        grant: "The client secret is wrong: store the value (not the id) of a client secret of the application.",
      },
    ]);
  });

  it("try the chosen mailboxes, and say when none of them is there", async () => {
    const connector = tenant.open({ mailboxes: [PEOPLE.sender] });
    await connector.check("observe", signal);
    expect(tenant.sandbox.meters.mailbox(PEOPLE.sender).calls).toBeGreaterThan(0);
    expect(tenant.sandbox.meters.mailbox(PEOPLE.colleague).calls).toBe(0);
  });
});
