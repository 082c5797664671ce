import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LiveStep } from "../../../src/core/live-check.ts";
import type { InboxItem } from "../../../src/core/store.ts";
import type { Tenant } from "../../../src/core/tenant.ts";
import { checkLive, type LiveCheckDependencies } from "../../../src/intake/live-check.ts";
import { directoryFacts } from "../../../src/pipeline/directory-facts.ts";
import { meet, SERVICE, startTestTenant, TENANT_ID, type TestTenant } from "../microsoft365/support/tenant.ts";

const { signal } = new AbortController();
const LIMITS = { appearMs: 400, ledgerMs: 400, deliveryMs: 400 };

/** As the service's database would tell it of the test mail. */
const item = (given: Partial<InboxItem>): InboxItem => ({
  id: "1",
  tenantId: TENANT_ID,
  provider: "microsoft",
  mailbox: SERVICE,
  stage: "sent",
  trigger: "notification",
  kind: "message",
  messageId: "m",
  attempts: 0,
  tries: 1,
  acceptedAt: new Date(),
  state: "skipped",
  reason: "own-test",
  notBefore: new Date(),
  ...given,
});

describe("the live check of a tenant", () => {
  let sandboxed: TestTenant;
  beforeEach(async () => {
    sandboxed = await startTestTenant();
  });
  afterEach(() => sandboxed.close());

  const run = (change: Partial<LiveCheckDependencies> = {}, tenant: Partial<Tenant> = {}, wanted?: string) => {
    const connected = {
      tenant: {
        id: TENANT_ID,
        provider: "microsoft",
        name: "Contoso",
        externalId: sandboxed.sandbox.tenantId,
        mode: "respond",
        mailboxes: "all",
        stages: ["sent"],
        serviceMailbox: SERVICE,
        state: "active",
        checks: [],
        domains: ["contoso.example"],
        createdAt: new Date(),
        ...tenant,
      },
      connector: sandboxed.connector,
      directory: async () => directoryFacts(["contoso.example"], [], []),
    } as const;
    const dependencies: LiveCheckDependencies = {
      syncs: { get: async () => undefined },
      inbox: { find: async () => item({}) },
      isWatched: async (mailbox) => mailbox === SERVICE,
      isWorking: async () => true,
      markKey: new Uint8Array(32),
      clock: { now: () => new Date() },
      // Waiting costs no time but that of the calls.
      pause: async () => undefined,
      limits: LIMITS,
      ...change,
    };
    return checkLive(connected, wanted, dependencies, signal);
  };
  const ledgerStep = async (found: InboxItem | undefined): Promise<LiveStep | undefined> =>
    (await run({ inbox: { find: async () => found } })).steps.find(({ name }) => name === "ledger");

  it("measures every step", async () => {
    const { ok, mailbox, steps } = await run();
    expect({ ok, mailbox }).toEqual({ ok: true, mailbox: SERVICE });
    expect(steps.map(({ name, state }) => `${state} ${name}`)).toEqual([
      "ok send",
      "ok sent-copy",
      "ok read",
      "ok catch-up",
      "ok ledger",
      "ok clean-up",
    ]);
    for (const { seconds } of steps) expect(seconds).toBeGreaterThanOrEqual(0);
  });

  it.each([
    [item({ trigger: "catch-up" }), "warning", "no notification came before"],
    [item({ state: "verdict", reason: null }), "failed", "its mark did not survive"],
    [item({ state: "dead", reason: "content-unreadable" }), "failed", "content-unreadable"],
    [item({ state: "pending" }), "failed", "has not worked it off"],
    [undefined, "failed", "has not worked it off"],
  ])("judges what the ledger says of the mail (%#)", async (found, state, detail) => {
    expect(await ledgerStep(found)).toMatchObject({ state, detail: expect.stringContaining(detail) });
  });

  it("does not wait for a service that does not run, and fails nothing for it", async () => {
    const { ok, steps } = await run({ isWorking: async () => false, inbox: { find: () => Promise.reject() } });
    expect(ok).toBe(true);
    expect(steps.find(({ name }) => name === "ledger")).toMatchObject({
      state: "warning",
      detail: "not proved: the service is not running, so nothing took the mail in",
    });
  });

  it("looks for a mail whose sending got no answer, and takes it away", async () => {
    meet(sandboxed.sandbox, { method: "POST", path: "*/sendMail" }, { reset: "after" });
    const { ok, steps } = await run();
    expect({ ok, names: steps.map(({ name, state }) => `${state} ${name}`) }).toEqual({
      ok: false,
      names: ["failed send", "ok clean-up"],
    });
    const folders = sandboxed.sandbox.messages(SERVICE).map(({ folder }) => folder);
    expect(folders).toEqual(["deleteditems", "deleteditems"]);
  });

  it("says that the mail stays where it may not be moved", async () => {
    sandboxed.sandbox.application.roles.delete("Mail.ReadWrite");
    const { ok, steps } = await run();
    expect(ok).toBe(true);
    expect(steps.at(-1)).toMatchObject({
      name: "clean-up",
      state: "warning",
      detail: expect.stringContaining("Mail.ReadWrite"),
    });
  });

  it("sends nothing without a mailbox, in observe mode, or from one that is not the tenant's to try", async () => {
    expect((await run({}, { serviceMailbox: null })).steps).toMatchObject([{ state: "warning", seconds: null }]);
    expect((await run({}, { mode: "observe" })).steps).toMatchObject([
      { detail: expect.stringContaining("Mail.Send") },
    ]);
    await expect(run({}, {}, "carl@contoso.example")).rejects.toMatchObject({ code: "REQUEST_INVALID" });
    expect(sandboxed.sandbox.requests.filter(({ path }) => path.endsWith("/sendMail"))).toEqual([]);
  });
});
