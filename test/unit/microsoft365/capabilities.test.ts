import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { foldersOf, MAIL_ID, perform, refTo, sendMail } from "./support/acting.ts";
import { PEOPLE, startTestTenant, type TestTenant } from "./support/tenant.ts";

const { signal } = new AbortController();

describe("what a tenant may add or leave out", () => {
  let tenant: TestTenant;
  beforeEach(async () => {
    tenant = await startTestTenant();
  });
  afterEach(() => tenant.close());

  /** RBAC for Applications gives the sender's mailbox only: the colleague's may be neither read nor changed. */
  async function colleagueOutOfScope() {
    const { application, scopedRoles } = tenant.sandbox;
    application.roles.add("SecurityAnalyzedMessage.ReadWrite.All");
    for (const role of ["Mail.Read", "Mail.ReadWrite"]) {
      application.roles.delete(role);
      scopedRoles.set(role, new Set([PEOPLE.sender]));
    }
    tenant.sandbox.revokeTokens();
    return { connector: tenant.open({ capabilities: { defender: true } }) };
  }

  it("is Defender, which is asked for a copy in a mailbox that may not be changed; nobody claims that it was done", async () => {
    const ref = await sendMail(tenant, [PEOPLE.colleague, PEOPLE.manager]);
    const there = await colleagueOutOfScope();
    const recall = { kind: "recall", target: PEOPLE.colleague } as const;
    expect(await perform(there, ref, recall)).toEqual({ state: "failed", reason: "ordered-not-confirmed" });
    await expect.poll(() => foldersOf(tenant, PEOPLE.colleague)).toEqual(["recoverableitemsdeletions"]);
    expect(foldersOf(tenant, PEOPLE.manager)).toEqual(["inbox"]);
    expect(foldersOf(tenant, PEOPLE.sender)).toEqual(["sentitems"]);
  });

  it("is Defender, which is not asked where the tenant did not say so, nor for what it does not know", async () => {
    const ref = await sendMail(tenant);
    const there = await colleagueOutOfScope();
    const recall = { kind: "recall", target: PEOPLE.colleague } as const;
    await expect(perform(tenant, ref, recall)).rejects.toMatchObject({ code: "PROVIDER_FORBIDDEN" });
    const unknown = { ...recall, internetMessageId: "<never@sent.example>" };
    await expect(perform(there, ref, unknown)).rejects.toMatchObject({ code: "MESSAGE_NOT_FOUND" });
    expect(await perform(there, ref, { ...unknown, attempts: 4 })).toEqual({ state: "failed", reason: "not-found" });
    expect(foldersOf(tenant, PEOPLE.colleague, MAIL_ID)).toEqual(["inbox"]);
  });

  it("is Defender, whose right is among the checks", async () => {
    const connector = tenant.open({ capabilities: { defender: true } });
    const missing = (await connector.check("respond", signal)).filter(({ ok }) => !ok);
    expect(missing).toMatchObject([{ name: "defender", missing: "SecurityAnalyzedMessage.ReadWrite.All" }]);
    expect((await connector.check("observe", signal)).map(({ name }) => name)).not.toContain("defender");
  });

  it("is permanent deletion: without it what was deleted goes to the recoverable items", async () => {
    const there = { connector: tenant.open({ capabilities: { permanentDelete: false } }) };
    const ref = await sendMail(tenant);
    const { copies = [] } = await perform(there, ref, { kind: "quarantine" });
    expect(await perform(there, refTo(ref.messageId), { kind: "purge", copies })).toMatchObject({ state: "done" });
    expect(foldersOf(tenant, PEOPLE.sender)).toEqual(["recoverableitemsdeletions"]);
  });
});

describe("the rights of a tenant's application", () => {
  it.each([
    ["granted in Entra open every mailbox", false, /every mailbox is open/],
    ["granted by Exchange roles open those of their scope", true, /RBAC for Applications/],
  ])("%s, and the check of reading says so", async (_title, isScoped, note) => {
    const tenant = await startTestTenant();
    const { application, scopedRoles } = tenant.sandbox;
    if (isScoped) {
      for (const role of ["Mail.Read", "Mail.ReadWrite"]) application.roles.delete(role);
      scopedRoles.set("Mail.Read", new Set([PEOPLE.sender]));
    }
    const connector = tenant.open({ mailboxes: [PEOPLE.sender], mode: "observe" });
    const checks = await connector.check("observe", signal);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.find(({ name }) => name === "read-message")?.note).toMatch(note);
    await tenant.close();
  });

  it("are named where the tenant's settings need fewer", async () => {
    const tenant = await startTestTenant();
    const noteOf = async (mode: "observe" | "respond") =>
      (await tenant.open({ mode }).check(mode, signal)).find(({ name }) => name === "token")?.note;
    expect(await noteOf("observe")).toMatch(/more than .*: Mail\.ReadWrite, Mail\.Send/);
    expect(await noteOf("respond")).toBeUndefined();
    await tenant.close();
  });
});
