import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";
import { ann, bob, carl, dora, mail, policyWith } from "./mail.ts";
import { closedLedger, connect, finishedOne, PATIENCE_MS, START_MS } from "./watching.ts";

/** What Entra answers for a credential, and what the administrator reads about it. */
const REFUSALS = [
  { number: 7000222, text: "The provided client secret keys are expired.", says: /secret has expired: create another/ },
  { number: 700016, text: "Application was not found in the directory.", says: /^Check the client id/ },
] as const;

const SENDERS = [ann, bob, carl, dora];
const MAILS = 12;
/** So long the connector does not show a refused credential again. */
const REFUSED_AGAIN_MS = 10_000;

describe("a credential that Microsoft Entra refuses", { timeout: 2 * PATIENCE_MS }, () => {
  let flow: MicrosoftFlow;
  let tenant: string;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
    tenant = await connect(flow.api, flow.settings(), policyWith());
    await until("subscriptions", () => flow.sandbox.subscriptions.size >= 6, PATIENCE_MS);
  }, START_MS);
  afterAll(() => flow.close());

  const view = async () => (await flow.api.request("GET", `/api/v1/tenants/${tenant}`)).body;
  const tokenRequests = () => flow.sandbox.requests.filter(({ path }) => path.endsWith("/token")).length;

  it.each(REFUSALS)(
    "AADSTS$number: the tenant says what to do, nothing storms, and work goes on after the cure",
    async ({ number, text, says }) => {
      const [before, seen, begun] = [tokenRequests(), flow.sandbox.requests.length, performance.now()];
      const refusal = flow.sandbox.faults.add({
        path: "*/oauth2/v2.0/token",
        count: Number.POSITIVE_INFINITY,
        effect: {
          answer: {
            status: 401,
            body: { error: "invalid_client", error_description: `AADSTS${number}: ${text}`, error_codes: [number] },
          },
        },
      });
      flow.sandbox.revokeTokens();
      const subjects = Array.from({ length: MAILS }, (_, index) => `refused-${number}-${index}`);
      for (const [index, subject] of subjects.entries()) {
        const from = SENDERS[index % SENDERS.length] as string;
        await flow.sandbox.send(from, mail(subject, { from }));
      }
      const told = await until(
        "a tenant that says why",
        async () => {
          const body = await view();
          const checks = body.checks as { name: string; ok: boolean; grant: string | null }[];
          return body.state === "degraded" && checks.find(({ ok }) => !ok);
        },
        PATIENCE_MS,
      );
      expect(told).toMatchObject({ name: "token", ok: false, grant: expect.stringMatching(says) });
      // The first refusal, the check's, and one more when the credential's turn has come again: not one an attempt.
      await until("another try", () => tokenRequests() - before >= 3, PATIENCE_MS);
      const rounds = Math.ceil((performance.now() - begun) / REFUSED_AGAIN_MS);
      expect(tokenRequests() - before).toBeLessThanOrEqual(2 + rounds);
      const refused = flow.sandbox.requests.slice(seen).filter(({ status }) => status === 401);
      expect(refused.length).toBeLessThan(3 * MAILS);
      refusal.remove();
      for (const subject of subjects) expect((await finishedOne(flow.api, subject)).verdict).toBe("allow");
      const well = await until(
        "an active tenant",
        async () => {
          const body = await view();
          return body.state === "active" && body;
        },
        PATIENCE_MS,
      );
      expect((well.checks as { ok: boolean }[]).every(({ ok }) => ok)).toBe(true);
      expect(await closedLedger(flow.api, MAILS)).toMatchObject({ dead: 0, missing: 0 });
    },
  );
});
