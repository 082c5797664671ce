import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { foldersOf, perform, refTo, sendMail } from "./support/acting.ts";
import { meet, PEOPLE, startTestTenant, type TestTenant } from "./support/tenant.ts";

const label = { name: "Postern: blocked", color: "red" } as const;
const { sender } = PEOPLE;

describe("labels", () => {
  let tenant: TestTenant;
  beforeEach(async () => {
    tenant = await startTestTenant();
  });
  afterEach(async () => {
    await tenant.close();
  });

  const categories = () => tenant.sandbox.messages(sender).flatMap((message) => message.categories);
  const requests = (method: string, end: string) =>
    tenant.sandbox.requests.filter((seen) => seen.method === method && seen.path.endsWith(end));

  it("give the category its colour once, in the mailbox's own list", async () => {
    for (const attempts of [0, 1]) {
      expect(await perform(tenant, await sendMail(tenant), { kind: "label", label, attempts })).toMatchObject({
        state: "done",
      });
    }
    const created = requests("POST", "/masterCategories");
    expect(created.map((seen) => JSON.parse(seen.body.toString()))).toEqual([
      { displayName: "Postern: blocked", color: "preset0" },
    ]);
  });

  it("are written with If-Match, and again after somebody else wrote", async () => {
    const ref = await sendMail(tenant);
    meet(
      tenant.sandbox,
      { method: "PATCH", path: "*/messages/*" },
      { answer: { status: 412, code: "ErrorIrresolvableConflict" } },
    );
    expect(await perform(tenant, ref, { kind: "label", label })).toMatchObject({ state: "done" });
    expect(categories()).toEqual([label.name]);
    const patches = tenant.sandbox.requests.filter((seen) => seen.method === "PATCH");
    expect(patches).toHaveLength(2);
    for (const { headers } of patches) expect(headers["if-match"]).toBeTruthy();
  });

  it("are set without a colour where that right is missing", async () => {
    tenant.sandbox.application.roles.delete("MailboxSettings.ReadWrite");
    expect(await perform(tenant, await sendMail(tenant), { kind: "label", label })).toMatchObject({ state: "done" });
    expect(categories()).toEqual([label.name]);
  });

  it("find the copy by its Message-ID when the id is gone, and never claim to be set on nothing", async () => {
    await sendMail(tenant);
    expect(await perform(tenant, refTo("AAMkStale"), { kind: "label", label })).toMatchObject({ state: "done" });
    expect(categories()).toEqual([label.name]);
    const nothing = { kind: "label", label, internetMessageId: "<other@x.example>" } as const;
    await expect(perform(tenant, refTo("AAMkStale"), nothing)).rejects.toMatchObject({ code: "MESSAGE_NOT_FOUND" });
    expect(await perform(tenant, refTo("AAMkStale"), { ...nothing, attempts: 4 })).toEqual({
      state: "failed",
      reason: "not-found",
    });
  });

  it("cannot be set without the right to write, and the failure counts", async () => {
    tenant.sandbox.application.roles.delete("Mail.ReadWrite");
    await expect(perform(tenant, await sendMail(tenant), { kind: "label", label })).rejects.toMatchObject({
      code: "PROVIDER_FORBIDDEN",
      counts: true,
    });
  });
});

describe("purging", () => {
  it.each([
    ["global", []],
    ["china", ["recoverableitemsdeletions"]],
  ] as const)("in the cloud %s leaves the copy in %j", async (cloud, left) => {
    const tenant = await startTestTenant();
    tenant.sandbox.quirks.globalCloud = cloud === "global";
    const there = { connector: tenant.open({ cloud }) };
    const ref = await sendMail(tenant);
    const { copies = [] } = await perform(there, ref, { kind: "quarantine" });
    for (const attempts of [0, 1]) {
      expect(await perform(there, ref, { kind: "purge", copies, attempts })).toEqual({ state: "done", reason: null });
    }
    expect(foldersOf(tenant, sender)).toEqual(left);
    await tenant.close();
  });

  it("destroys nothing else that has the same Message-ID", async () => {
    const tenant = await startTestTenant();
    const first = await sendMail(tenant);
    const second = await sendMail(tenant);
    const { copies = [] } = await perform(tenant, first, { kind: "quarantine" });
    await perform(tenant, second, { kind: "quarantine" });
    for (const attempts of [0, 1]) await perform(tenant, first, { kind: "purge", copies, attempts });
    expect(foldersOf(tenant, sender)).toEqual(["Postern Quarantine"]);
    expect(await perform(tenant, first, { kind: "purge", copies: [] })).toEqual({
      state: "failed",
      reason: "no-copies",
    });
    await tenant.close();
  });
});
