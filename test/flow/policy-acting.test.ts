import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MessageView } from "../support/api.ts";
import { DOMAIN, type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { ann, bob, CARD, carl, IBAN, mail, OUTSIDER } from "./mail.ts";
import { actionLines, finishedOne, PATIENCE_MS, START_MS } from "./watching.ts";

const ALIAS = `carl.alias@${DOMAIN}`;
const REASON = "The bank asked for it, ticket 12";
const POLICY = {
  rules: [
    {
      id: "cards",
      when: { detectors: [{ detector: "credit-card" }] },
      action: "quarantine",
      override: "justification",
    },
    {
      id: "accounts",
      when: { detectors: [{ detector: "iban" }], recipients: { are: "any" } },
      except: { recipients: [carl] },
      action: "quarantine",
    },
  ],
  scopes: { global: { rules: ["cards", "accounts"], settings: { "dlp.managers": [`dlp@${DOMAIN}`] } } },
};

describe("a policy that acts", () => {
  let flow: MicrosoftFlow;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
    flow.sandbox.removeUser(carl);
    flow.sandbox.addUser({ address: carl, displayName: "carl", aliases: [ALIAS] });
    expect((await flow.api.request("PUT", "/api/v1/policy", POLICY)).status).toBe(200);
    expect((await flow.api.request("POST", "/api/v1/tenants", flow.settings())).status).toBe(201);
  }, START_MS);
  afterAll(() => flow.close());

  const send = async (subject: string, given: Parameters<typeof mail>[1]): Promise<MessageView> => {
    await flow.sandbox.send(ann, mail(subject, given));
    return finishedOne(flow.api, subject);
  };
  const itemOf = async ({ id }: MessageView) => (await flow.api.quarantine()).find((item) => item.incident === id);

  it("lets a sender override a rule with a reason, which the audit log keeps unless it is sensitive itself", {
    timeout: 4 * PATIENCE_MS,
  }, async () => {
    const because = (reason: string) => ({ text: CARD, extra: [`X-Postern-Justification: ${reason}`] });
    expect((await send("without-reason", { text: CARD })).verdict).toBe("quarantine");
    const overridden = await send("with-a-reason", because(REASON));
    expect([overridden.verdict, overridden.actions]).toEqual(["allow", []]);
    const secretive = await send("secret-reason", because("see 5555 5555 5555 4444"));
    expect(secretive.verdict).toBe("allow");
    const events = await flow.service.assembly.store.events.list(overridden.tenant, 0, 500);
    const audited = events.filter(({ body }) => body.change === "rule-overridden").map(({ body }) => body);
    expect(audited).toEqual([
      expect.objectContaining({ by: ann, resourceId: overridden.id, rules: ["cards"], justification: REASON }),
      expect.objectContaining({ by: ann, resourceId: secretive.id, rules: ["cards"], justification: null }),
    ]);
    const draft = { from: ann, to: [OUTSIDER], text: CARD };
    const judged = async (more: object) => (await flow.api.request("POST", "/api/v1/scan", { ...draft, ...more })).body;
    expect(await judged({})).toMatchObject({ verdict: "quarantine", overridden: [] });
    expect(await judged({ justification: REASON })).toMatchObject({ verdict: "allow", overridden: ["cards"] });
    expect(await judged({ justification: " " })).toMatchObject({ verdict: "quarantine" });
  });

  it("spares a recipient whom an exception names, under an alias too", { timeout: 2 * PATIENCE_MS }, async () => {
    const { recipients } = await send("by-alias", { text: IBAN, to: `${ALIAS}, ${bob}` });
    expect(recipients.map(({ address, verdict }) => [address, verdict])).toEqual([
      [ALIAS, "allow"],
      [bob, "quarantine"],
    ]);
  });

  it("says of a release which mailbox is gone, puts the other copies back, and keeps the sealed one", {
    timeout: 3 * PATIENCE_MS,
  }, async () => {
    const dora = `dora@${DOMAIN}`;
    const held = await send("gone-mailbox", { text: IBAN, to: `${bob}, ${dora}` });
    flow.sandbox.removeUser(dora);
    const item = await itemOf(held);
    const release = () => flow.api.request("POST", `/api/v1/quarantine/${item?.id}/release`);
    expect(await release()).toMatchObject({ status: 200, body: { state: "released" } });
    const lines = actionLines(await finishedOne(flow.api, "gone-mailbox"));
    expect(lines).toEqual(
      expect.arrayContaining([
        `restore ${ann} done`,
        `restore ${bob} done`,
        `restore ${dora} not-possible mailbox-unavailable`,
      ]),
    );
    const subjects = (person: string, folder: string) =>
      flow.sandbox.messages(person, folder).map((message) => message.subject);
    expect(subjects(bob, "inbox")).toContain("gone-mailbox");
    expect(subjects(ann, "sentitems")).toContain("gone-mailbox");
    const told = flow.sandbox
      .messages(ann, "inbox")
      .find(({ subject }) => subject.includes(`${held.id}] A message was r`));
    expect(told?.mime.toString("utf8")).toContain("Put back into 2 of 3 mailboxes");
    expect(await release()).toMatchObject({ status: 409, body: { state: "released" } });
    const stored = await flow.service.assembly.store.quarantine.get(item?.id ?? "");
    const sealed = await flow.service.assembly.vault.get(stored?.tenantId ?? "", stored?.vaultKey ?? "");
    expect(Buffer.from(sealed).toString("utf8")).toContain("gone-mailbox");
  });

  it("is not given the scope of a user whom no tenant has, but keeps one that was there", async () => {
    const user = "user:eve@elsewhere.example";
    const scopes = { ...POLICY.scopes, [user]: { rules: [] } };
    const refused = await flow.api.request("PUT", "/api/v1/policy", { ...POLICY, scopes });
    expect(refused).toMatchObject({ status: 422, body: { code: "POLICY_INVALID" } });
    expect(refused.body.faults).toEqual([
      expect.objectContaining({ path: `scopes.${user}`, reason: expect.stringContaining('"elsewhere.example"') }),
    ]);
    const patched = await flow.api.request("PATCH", "/api/v1/settings", { scope: user, rules: [] });
    expect(patched.status).toBe(422);
    const ours = { ...POLICY, internalDomains: ["elsewhere.example"], scopes };
    expect((await flow.api.request("PUT", "/api/v1/policy", ours)).status).toBe(200);
    expect((await flow.api.request("PUT", "/api/v1/policy", { ...POLICY, scopes })).status).toBe(200);
  });
});
