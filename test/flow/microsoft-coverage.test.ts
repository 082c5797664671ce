import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOMAIN, type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";
import { ann, bob, CARD, idOf, mail, policyWith } from "./mail.ts";
import { connect, finishedOne, PATIENCE_MS, recordsOf, START_MS } from "./watching.ts";

const HOUR_MS = 3_600_000;

interface Coverage {
  readonly id: string;
  readonly mailboxes: Readonly<Record<string, number>>;
  readonly readUntil: string | null;
  readonly traces: { readonly state: string; readonly until: string | null };
  readonly gaps: Readonly<Record<string, number>>;
}

/** Threat T-37. */
describe("what of a Microsoft 365 tenant's sent mail is seen", { timeout: 2 * PATIENCE_MS }, () => {
  let flow: MicrosoftFlow;
  beforeAll(async () => {
    flow = await startMicrosoftFlow({ POSTERN_CATCH_UP_SECONDS: "1" });
    await connect(flow.api, flow.settings(), policyWith());
    await until("subscriptions", () => flow.sandbox.subscriptions.size >= 6, PATIENCE_MS);
  }, START_MS);
  afterAll(() => flow.close());

  async function coverage(): Promise<Coverage> {
    const { status, body } = await flow.api.request("GET", "/api/v1/coverage");
    expect(status).toBe(200);
    return (body.items as readonly Coverage[])[0] as Coverage;
  }

  async function gapEvents(): Promise<readonly { readonly body: Readonly<Record<string, unknown>> }[]> {
    const { body } = await flow.api.request(
      "GET",
      `/api/v1/events?limit=500&until=${new Date(Date.now() + 24 * HOUR_MS).toISOString()}`,
    );
    const events = body.items as readonly { readonly kind: string; readonly body: Record<string, unknown> }[];
    return events.filter(({ kind }) => kind === "coverage");
  }

  it("is in the coverage report: mailboxes under watch, and how far they were read", async () => {
    await until("a reading", async () => (await coverage()).readUntil !== null, PATIENCE_MS);
    expect(await coverage()).toMatchObject({
      mailboxes: { known: 6, chosen: 6, registered: 6, behind: 0 },
      traces: { state: "not-compared", until: null },
      gaps: {},
    });
  });

  it("is compared with message traces: what no mailbox shows is told once, and not what was seen or is our own", async () => {
    // The last two bring a notice to their sender, sent by the service mailbox without a copy.
    for (const subject of ["seen-0", "seen-1"]) await flow.sandbox.send(ann, mail(subject, { text: CARD }));
    for (const subject of ["seen-0", "seen-1"]) await finishedOne(flow.api, subject);
    const unsaved = Array.from({ length: 20 }, (_, index) => `unsaved-${index}`);
    for (const [index, subject] of unsaved.entries()) {
      const from = index % 2 === 0 ? ann : bob;
      await flow.sandbox.send(from, mail(subject, { from, text: CARD }), { saveToSentItems: false });
    }
    await flow.restart({ POSTERN_TEST_CLOCK_OFFSET_MS: `${3 * HOUR_MS}` });
    await until("a comparison", async () => (await coverage()).traces.state === "compared", PATIENCE_MS);
    const told = (await gapEvents()).filter(({ body }) => body.what === "not-seen");
    expect(new Set(told.map(({ body }) => body.internetMessageId))).toEqual(new Set(unsaved.map(idOf)));
    expect(told.length).toBe(20);
    expect(told[0]?.body).toMatchObject({ mailbox: expect.stringContaining(`@${DOMAIN}`), recipientCount: 1 });
    expect((await coverage()).gaps).toEqual({ "not-seen": 20 });
    expect(await recordsOf(flow.api, "unsaved-0")).toEqual([]);
  });

  it("is said not to be compared where the right was not granted, and the tenant is well", async () => {
    flow.sandbox.application.roles.delete("ExchangeMessageTrace.Read.All");
    flow.sandbox.revokeTokens();
    await flow.restart({ POSTERN_TEST_CLOCK_OFFSET_MS: `${6 * HOUR_MS}` });
    await until("a refusal", async () => (await coverage()).traces.state === "not-permitted", PATIENCE_MS);
    expect((await coverage()).gaps).toEqual({ "not-seen": 20 });
    const { body } = await flow.api.request("GET", "/api/v1/tenants");
    expect(body.items).toMatchObject([{ state: "active" }]);
  });
});
