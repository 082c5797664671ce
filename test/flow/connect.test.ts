import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOMAIN, type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";
import { ann, bob, boss, CARD, IBAN, mail, policyWith } from "./mail.ts";
import { actionLines, allRecords, finishedOne, PATIENCE_MS, recordsOf, START_MS } from "./watching.ts";

const PEOPLE = [ann, bob, boss, `dlp@${DOMAIN}`];

describe("connecting a tenant", { timeout: 2 * PATIENCE_MS }, () => {
  let flow: MicrosoftFlow;
  beforeAll(async () => {
    flow = await startMicrosoftFlow({ POSTERN_CATCH_UP_SECONDS: "1" });
    expect((await flow.api.request("PUT", "/api/v1/policy", policyWith(), "application/yaml")).status).toBe(200);
  }, START_MS);
  afterAll(() => flow.close());

  const connect = async (change: Record<string, unknown> = {}) => {
    const { status, body } = await flow.api.request("POST", "/api/v1/tenants", flow.settings(change));
    return { status, id: body.id as string, state: body.state, code: body.code, checks: body.checks };
  };
  /** All that a user or an administrator of the tenant could notice. */
  const tenantNow = () =>
    PEOPLE.map((address) =>
      flow.sandbox.messages(address).map(({ id, folder, categories, isRead, changeKey, properties }) => ({
        id,
        folder,
        categories,
        isRead,
        changeKey,
        properties: [...properties],
      })),
    );

  it("scans what is sent from the answer on, and nothing older; observing changes nothing", async () => {
    await flow.sandbox.send(ann, mail("long-before", { to: bob, text: IBAN }));
    // Graph's times have whole seconds: the next one makes the mail older than the connection.
    const second = Math.floor(Date.now() / 1000);
    await until("the next second", () => Math.floor(Date.now() / 1000) > second);
    const connected = await connect({ mode: "observe" });
    expect(connected).toMatchObject({ status: 201, state: "active" });
    await flow.sandbox.send(ann, mail("right-after", { to: bob, text: IBAN }));
    await flow.sandbox.send(boss, mail("observed", { from: boss, text: CARD }));
    const before = tenantNow();

    const record = await finishedOne(flow.api, "right-after");
    expect(record.verdict).toBe("quarantine");
    expect(actionLines(record)).toEqual([
      `notify ${ann} not-possible observe-mode`,
      `notify ${boss} not-possible observe-mode`,
      `quarantine ${ann} not-possible observe-mode`,
      `recall ${bob} not-possible observe-mode`,
    ]);
    expect((await finishedOne(flow.api, "observed")).verdict).toBe("block");
    expect(tenantNow()).toEqual(before);
    expect(await flow.api.quarantine()).toEqual([]);
    const changes = flow.sandbox.requests.filter(
      ({ method, path }) => method !== "GET" && !path.endsWith("/token") && !path.includes("/subscriptions"),
    );
    expect(changes.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    expect(await recordsOf(flow.api, "long-before")).toEqual([]);

    expect(await connect({ mode: "observe" })).toMatchObject({ status: 409, code: "CONFLICT" });
    expect((await flow.api.request("DELETE", `/api/v1/tenants/${connected.id}`)).status).toBeLessThan(300);
  });

  it("answers 201 and degraded when a right is missing, says which, and works after it was granted", async () => {
    const records = (await allRecords(flow.api)).length;
    flow.sandbox.application.roles.delete("Mail.ReadWrite");
    flow.sandbox.revokeTokens();
    const connected = await connect();
    expect(connected).toMatchObject({ status: 201, state: "degraded" });
    const missing = (connected.checks as { ok: boolean; missing: string | null; grant: string | null }[]).filter(
      ({ ok }) => !ok,
    );
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.map(({ missing: right, grant }) => `${right} ${grant}`).join("\n")).toContain("Mail.ReadWrite");
    flow.sandbox.application.roles.add("Mail.ReadWrite");
    const examined = await until(
      "an active tenant",
      async () => {
        await flow.api.request("POST", `/api/v1/tenants/${connected.id}/checks`);
        const { body } = await flow.api.request("GET", `/api/v1/tenants/${connected.id}`);
        return body.state === "active" && body;
      },
      PATIENCE_MS,
    );
    expect((examined.checks as { ok: boolean }[]).every(({ ok }) => ok)).toBe(true);
    await flow.sandbox.send(ann, mail("after-the-grant", { to: bob, text: IBAN }));
    const record = await finishedOne(flow.api, "after-the-grant");
    expect(actionLines(record)).toEqual(expect.arrayContaining([`quarantine ${ann} done`, `recall ${bob} done`]));
    expect((await allRecords(flow.api)).length).toBe(records + 1);
    expect((await flow.api.request("DELETE", `/api/v1/tenants/${connected.id}`)).status).toBeLessThan(300);
  });

  it("connects a tenant whose directory cannot be read yet, and watches it when it can", async () => {
    const denied = { status: 403, code: "Authorization_RequestDenied" };
    const fault = flow.sandbox.faults.add({
      path: /^\/v1\.0\/(users|groups|domains|organization)\/?$/,
      count: Number.POSITIVE_INFINITY,
      effect: { answer: denied },
    });
    const connected = await connect();
    expect(connected).toMatchObject({ status: 201, state: "degraded" });
    fault.remove();
    await flow.sandbox.send(boss, mail("late-directory", { from: boss, text: CARD }));
    expect((await finishedOne(flow.api, "late-directory")).verdict).toBe("block");
  });
});
