import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOMAIN, type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";
import { ann, bob, CARD, carl, dora, mail, policyWith } from "./mail.ts";
import { connect, finishedOne, PATIENCE_MS, recordsOf, START_MS } from "./watching.ts";

const zoe = `zoe@${DOMAIN}`;
const sales = `sales@${DOMAIN}`;

describe("the mailboxes of a Microsoft 365 tenant", { timeout: 2 * PATIENCE_MS }, () => {
  let flow: MicrosoftFlow;
  let id: string;
  beforeAll(async () => {
    flow = await startMicrosoftFlow({ POSTERN_CATCH_UP_SECONDS: "1" });
    flow.sandbox.addGroup({ address: sales, members: [bob, carl] });
    id = await connect(flow.api, flow.settings({ mailboxes: [`*@${DOMAIN}`, `!${sales}`] }), policyWith());
    await watched(4);
  }, START_MS);
  afterAll(() => flow.close());

  const watched = (count: number) =>
    until(`${count} subscriptions`, () => flow.sandbox.subscriptions.size === count, PATIENCE_MS);
  const subscriptionIds = () => [...flow.sandbox.subscriptions.keys()];

  async function watchedAddresses(): Promise<readonly string[]> {
    const { body } = await flow.api.request("GET", `/api/v1/mailboxes?tenant=${id}`);
    const mailboxes = body.items as readonly { address: string; watchedUntil: string | null }[];
    return mailboxes.filter((one) => one.watchedUntil !== null).map((one) => one.address);
  }

  it("are chosen by domain and group, and nobody else's mail is read", async () => {
    await flow.sandbox.send(bob, mail("left-out", { from: bob, text: CARD }));
    await flow.sandbox.send(ann, mail("chosen", { text: CARD }));
    expect(await finishedOne(flow.api, "chosen")).toMatchObject({ verdict: "block" });
    expect(await recordsOf(flow.api, "left-out")).toEqual([]);
  });

  it("are watched when they come, from their first mail on, and left when they go", async () => {
    flow.sandbox.addUser({ address: zoe, displayName: "Zoe" });
    // Before anybody could have seen that she is there.
    await flow.sandbox.send(zoe, mail("first-day", { from: zoe, text: CARD }));
    expect(await finishedOne(flow.api, "first-day")).toMatchObject({ mailbox: zoe, verdict: "block" });
    await watched(5);
    flow.sandbox.removeUser(zoe);
    await watched(4);
    await flow.sandbox.send(ann, mail("others-go-on"));
    await finishedOne(flow.api, "others-go-on");
  });

  it("are read on under a new primary address without a gap", async () => {
    await flow.sandbox.send(dora, mail("before-marriage", { from: dora }));
    await finishedOne(flow.api, "before-marriage");
    flow.sandbox.notifications.on = false;
    const renamed = `dora.new@${DOMAIN}`;
    flow.sandbox.renameUser(dora, renamed);
    await flow.sandbox.send(renamed, mail("after-marriage", { from: renamed }));
    await finishedOne(flow.api, "after-marriage");
    flow.sandbox.notifications.on = true;
    // The registration for the old name ends when the one for the new name stands.
    await until("the new name", async () => (await watchedAddresses()).includes(renamed), PATIENCE_MS);
    await watched(4);
    await flow.sandbox.send(renamed, mail("years-later", { from: renamed }));
    expect(await finishedOne(flow.api, "years-later")).toMatchObject({ mailbox: renamed });
  });

  it("have one subscription each: what nobody knows is ended, what vanished silently is made again", async () => {
    const known = subscriptionIds();
    const [vanishing = ""] = known;
    await subscribe(`users/${carl}/mailFolders('sentitems')/messages`, `${flow.service.url}/webhooks/microsoft`);
    const elsewhere = await subscribe(`users/${ann}/mailFolders('sentitems')/messages`, `${flow.service.url}/readyz`);
    flow.sandbox.removeSubscription(vanishing, { silently: true });
    // A process compares when it begins to lead, then once an hour.
    await flow.restart({ POSTERN_TEST_CLOCK_OFFSET_MS: "120000" });
    await until(
      "the wanted subscriptions and another installation's",
      () => {
        const now = subscriptionIds();
        const isRight = !now.includes(vanishing) && known.slice(1).every((one) => now.includes(one));
        return isRight && now.length === known.length + (elsewhere ? 1 : 0);
      },
      PATIENCE_MS,
    );
  });

  /** As a process that died before it could store what it made, or as another installation of the application. */
  async function subscribe(resource: string, notificationUrl: string): Promise<boolean> {
    const { sandbox } = flow;
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: sandbox.clientId,
      client_secret: sandbox.clientSecret,
      scope: "https://graph.microsoft.com/.default",
    });
    const login = await fetch(`${sandbox.loginUrl}/${sandbox.tenantId}/oauth2/v2.0/token`, {
      method: "POST",
      body: form,
    });
    const { access_token: token } = (await login.json()) as { access_token: string };
    const answer = await fetch(`${sandbox.graphUrl}/v1.0/subscriptions`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({
        changeType: "created",
        notificationUrl,
        resource,
        expirationDateTime: new Date(Date.now() + 86_400_000).toISOString(),
        clientState: "somebody-elses",
      }),
    });
    return answer.status === 201;
  }
});
