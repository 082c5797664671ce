import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOMAIN, type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";

const ann = `ann@${DOMAIN}`;
const bob = `bob@${DOMAIN}`;
const policy = `version: 1
rules:
  - id: cards-out
    when: { detectors: [{ detector: credit-card }], recipients: { are: external } }
    action: block
  - id: iban-any
    when: { detectors: [{ detector: iban }], recipients: { are: any } }
    action: quarantine
  - id: words
    when: { detectors: [{ detector: code-names }], recipients: { are: external } }
    action: warn
detectors:
  - { id: code-names, words: [osprey] }
scopes:
  global:
    rules: [cards-out, iban-any, words]
    settings: { dlp.enabled: true, dlp.managers: [manager-of-sender], notify.block.originator: true, notify.block.managers: true, notify.quarantine.originator: true, notify.warning.originator: true, notify.release.originator: true }
`;
const mail = (subject: string, to: string, text: string, extra = ""): Buffer =>
  Buffer.from(
    `From: ${ann}\r\nTo: ${to}\r\n${extra}Subject: ${subject}\r\nMessage-ID: <${subject.replaceAll(" ", "-")}@${DOMAIN}>\r\nDate: Mon, 30 Nov 2026 12:00:00 +0000\r\n\r\n${text}\r\n`,
  );

describe("sent mail of a Microsoft 365 tenant", () => {
  let flow: MicrosoftFlow;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
    expect((await flow.api.request("PUT", "/api/v1/policy", policy, "application/yaml")).status).toBe(200);
    const { status, body } = await flow.api.request("POST", "/api/v1/tenants", flow.settings());
    expect({
      status,
      state: body.state,
      missing: (body.checks as { ok: boolean }[]).filter((check) => !check.ok),
    }).toEqual({ status: 201, state: "active", missing: [] });
  });
  afterAll(() => flow.close());

  const scanned = (subject: string) =>
    until(`a finished record of ${subject}`, async () => {
      const [record] = await flow.api.messages(`?internetMessageId=${encodeURIComponent(`<${subject}@${DOMAIN}>`)}`);
      return record?.actions.every((action) => action.state !== "planned") ? record : undefined;
    });

  it("records clean mail and leaves it alone", async () => {
    await flow.sandbox.send(ann, mail("clean", "x@out.example", "hello"));
    const record = await scanned("clean");
    expect(record).toMatchObject({
      verdict: "allow",
      status: "complete",
      mailbox: ann,
      sender: ann,
      stage: "sent",
      provider: "microsoft",
      actions: [],
    });
  });

  it("warns with a category and a mail", async () => {
    await flow.sandbox.send(ann, mail("warned", "x@out.example", "project osprey"));
    const record = await scanned("warned");
    expect(record.verdict).toBe("warn");
    expect(record.actions.map(({ kind, target, state }) => `${kind} ${target} ${state}`)).toEqual([
      `label ${ann} done`,
      `notify ${ann} done`,
    ]);
    expect(flow.sandbox.messages(ann, "sentitems").find((message) => message.subject === "warned")?.categories).toEqual(
      ["DLP: warning"],
    );
  });

  it("decides for each recipient: takes back the forbidden copies, says what it cannot reach", async () => {
    await flow.sandbox.send(ann, mail("mixed", `${bob}, x@out.example`, "card 4111 1111 1111 1111"));
    const record = await scanned("mixed");
    expect(record.recipients.map(({ address, external, verdict }) => [address, external, verdict])).toEqual([
      [bob, false, "allow"],
      ["x@out.example", true, "block"],
    ]);
    expect(record.actions.map(({ kind, target, state, reason }) => [kind, target, state, reason])).toEqual(
      expect.arrayContaining([
        ["quarantine", ann, "done", null],
        ["recall", "x@out.example", "not-possible", "external-recipient"],
        ["notify", ann, "done", null],
        ["notify", `boss@${DOMAIN}`, "done", null],
      ]),
    );
    expect(flow.sandbox.messages(ann, "sentitems").map((message) => message.subject)).not.toContain("mixed");
    expect(flow.sandbox.messages(bob, "inbox").map((message) => message.subject)).toContain("mixed");
    const [item] = (await flow.api.quarantine()).filter((candidate) => candidate.incident === record.id);
    expect(item).toMatchObject({ state: "held", final: true });
    expect((await flow.api.request("POST", `/api/v1/quarantine/${item?.id}/release`, {})).status).toBe(409);
  });

  it("quarantines and releases: every copy returns to where it was", async () => {
    await flow.sandbox.send(ann, mail("held", bob, "IBAN NL91 ABNA 0417 1643 00"));
    const record = await scanned("held");
    expect(record.verdict).toBe("quarantine");
    expect(flow.sandbox.messages(bob, "inbox").map((message) => message.subject)).not.toContain("held");
    const [item] = (await flow.api.quarantine()).filter((candidate) => candidate.incident === record.id);
    const released = await flow.api.request("POST", `/api/v1/quarantine/${item?.id}/release`);
    expect(released).toMatchObject({ status: 200, body: { state: "released" } });
    await until("both copies back", () =>
      [flow.sandbox.messages(bob, "inbox"), flow.sandbox.messages(ann, "sentitems")].every((folder) =>
        folder.some((message) => message.subject === "held"),
      ),
    );
    expect((await flow.api.request("POST", `/api/v1/quarantine/${item?.id}/delete`)).status).toBe(409);
  });
});
