import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";
import { ann, IBAN, idOf, mail, OUTSIDER } from "./mail.ts";
import { actionLines, connect, finished, ledger, PATIENCE_MS, START_MS } from "./watching.ts";

const POLICY = `rules:
  - id: accounts
    when: { detectors: [{ detector: iban }], recipients: { exceptDomains: [partner.example] } }
    action: quarantine
    split: true
scopes: { global: { rules: [accounts], settings: { notify.quarantine.originator: false, notify.release.originator: false } } }
`;

describe("a message that is quarantined before it was sent", () => {
  let flow: MicrosoftFlow;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
    await connect(flow.api, flow.settings({ stages: ["sent", "outbox", "draft"] }), POLICY);
  }, START_MS);
  afterAll(() => flow.close());

  const held = async (subject: string) => {
    const [record] = await finished(flow.api, subject);
    expect(record?.verdict).toBe("quarantine");
    const item = (await flow.api.quarantine()).find(({ incident }) => incident === record?.id);
    expect(item).toMatchObject({ state: "held", final: false });
    return item?.id ?? "";
  };
  const release = (id: string) => flow.api.request("POST", `/api/v1/quarantine/${id}/release`);
  const outside = (subject: string) =>
    flow.sandbox.outside.filter(({ mime }) => mime.toString("utf8").includes(idOf(subject)));
  const foldersOf = (subject: string) =>
    flow.sandbox
      .messages(ann)
      .flatMap((message) => (message.internetMessageId === idOf(subject) ? message.folder : []));
  const skipped = async () => (await ledger(flow.api)).skipped;
  /** It left once, stands in Sent Items, and its sent copy was recognised: nothing else is skipped here. */
  const sentOnce = async (subject: string, skippedBefore: number) => {
    await until(`${subject} sent and seen`, async () => (await skipped()) > skippedBefore, PATIENCE_MS);
    const records = await finished(flow.api, subject);
    expect(records).toHaveLength(1);
    expect(outside(subject).map(({ from, to }) => [from, to])).toEqual([[ann, OUTSIDER]]);
    expect(foldersOf(subject)).toEqual(["sentitems"]);
    return records.flatMap(actionLines);
  };

  it("is sent once as its sender when two people release it at once, and its sent copy is left alone", {
    timeout: 4 * PATIENCE_MS,
  }, async () => {
    flow.sandbox.put(ann, "outbox", mail("released", { text: IBAN }));
    const id = await held("released");
    expect([outside("released"), foldersOf("released")]).toEqual([[], ["Postern Quarantine"]]);
    const before = await skipped();
    const answers = await Promise.all([release(id), release(id)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ state: "released" });
    expect(await sentOnce("released", before)).toContain(`send-released ${ann} done`);
  });

  it("is sent once when the answer of the provider is lost", { timeout: 4 * PATIENCE_MS }, async () => {
    flow.sandbox.saveDraft(ann, mail("lost-answer", { text: IBAN }));
    const id = await held("lost-answer");
    const lost = flow.sandbox.faults.add({ method: "POST", path: "*/send", effect: { reset: "after" } });
    const before = await skipped();
    expect((await release(id)).status).toBe(200);
    await lost.arrived();
    expect(await sentOnce("lost-answer", before)).toContain(`send-released ${ann} done`);
  });

  it("is not the excuse for another mail that takes its Message-ID", { timeout: 4 * PATIENCE_MS }, async () => {
    await flow.sandbox.send(ann, mail("released", { text: "IBAN DE89 3704 0044 0532 0130 00" }));
    const records = await finished(flow.api, "released", 2);
    expect(records.map(({ stage, verdict }) => `${stage} ${verdict}`).toSorted()).toEqual([
      "outbox quarantine",
      "sent quarantine",
    ]);
    await flow.sandbox.send(ann, mail("lost-answer", { text: IBAN, to: "other@out.example" }));
    expect(await finished(flow.api, "lost-answer", 2)).toHaveLength(2);
  });

  it("goes to those who may have it, and to the rest when it is released, to each once", {
    timeout: 4 * PATIENCE_MS,
  }, async () => {
    const partner = "p@partner.example";
    flow.sandbox.put(ann, "outbox", mail("split", { text: IBAN, to: `${OUTSIDER}, Partner <${partner}>` }));
    const id = await held("split");
    const [record] = await finished(flow.api, "split");
    expect(record?.recipients.map(({ address, verdict }) => [address, verdict])).toEqual([
      [OUTSIDER, "quarantine"],
      [partner, "allow"],
    ]);
    expect(record?.actions.map(({ kind, state }) => `${kind} ${state}`)).toContain("send-allowed done");
    const subjectOf = (mime: Buffer) => /^Subject: (.*)$/m.exec(mime.toString("utf8"))?.[1]?.trim();
    const reached = () => flow.sandbox.outside.filter(({ mime }) => subjectOf(mime) === "split").map(({ to }) => to);
    expect(reached()).toEqual([partner]);
    const before = await skipped();
    expect((await release(id)).status).toBe(200);
    await until("the rest sent and seen", async () => (await skipped()) > before, PATIENCE_MS);
    expect(reached()).toEqual([partner, OUTSIDER]);
  });

  it("is gone for good when it is deleted", { timeout: 3 * PATIENCE_MS }, async () => {
    flow.sandbox.put(ann, "outbox", mail("deleted", { text: IBAN }));
    const id = await held("deleted");
    expect(await flow.api.request("POST", `/api/v1/quarantine/${id}/delete`)).toMatchObject({ status: 200 });
    await finished(flow.api, "deleted");
    expect([outside("deleted"), foldersOf("deleted")]).toEqual([[], []]);
  });
});
