import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sampleMail } from "../../contract/connector-harness.ts";
import { foldersOf, MAIL_ID, perform, refTo, sendMail } from "./support/acting.ts";
import { PEOPLE, startTestTenant, type TestTenant } from "./support/tenant.ts";

const HIDDEN = "Postern Quarantine";
const { sender, outsider } = PEOPLE;

describe("acting on what is not sent yet", () => {
  let tenant: TestTenant;
  beforeEach(async () => {
    tenant = await startTestTenant();
  });
  afterEach(async () => {
    await tenant.close();
  });

  const saveDraft = () => refTo(tenant.sandbox.saveDraft(sender, sampleMail(sender, [outsider], MAIL_ID)).messageId);
  const draft = { stage: "draft" } as const;

  it("holds a draft, and sends it once when it is released", async () => {
    const ref = saveDraft();
    const { copies = [] } = await perform(tenant, ref, { ...draft, kind: "hold" });
    expect(foldersOf(tenant, sender)).toEqual([HIDDEN]);
    expect(await perform(tenant, ref, { ...draft, kind: "hold", attempts: 1 })).toMatchObject({ state: "done" });
    for (const attempts of [0, 1]) {
      expect(await perform(tenant, ref, { ...draft, kind: "send-released", copies, attempts })).toMatchObject({
        state: "done",
      });
    }
    expect(tenant.sandbox.outside.map((mail) => mail.to)).toEqual([outsider]);
    expect(foldersOf(tenant, sender)).toEqual(["sentitems"]);
  });

  it("says that it came too late when the draft was sent meanwhile", async () => {
    const ref = saveDraft();
    tenant.sandbox.sendDraft(sender, ref.messageId);
    expect(await perform(tenant, ref, { ...draft, kind: "hold" })).toEqual({ state: "failed", reason: "already-sent" });
    expect(foldersOf(tenant, sender)).toEqual(["sentitems"]);
  });

  it("says so, and puts the sent copy back, when the draft left between the look and the move", async () => {
    tenant.sandbox.quirks.sentKeepsDraftId = true;
    const ref = saveDraft();
    const move = tenant.sandbox.faults.add({ method: "POST", path: "*/move", effect: { hold: "before" } });
    const outcome = perform(tenant, ref, { ...draft, kind: "hold" });
    await move.arrived();
    tenant.sandbox.sendDraft(sender, ref.messageId);
    move.release();
    expect(await outcome).toEqual({ state: "failed", reason: "already-sent" });
    expect(foldersOf(tenant, sender)).toEqual(["sentitems"]);
    expect(tenant.sandbox.outside).toHaveLength(1);
  });

  it.each(["hold", "quarantine", "return-to-sender", "stamp-header", "label"] as const)(
    "leaves a sent copy in the hidden folder alone: %s comes too late",
    async (kind) => {
      const ref = await sendMail(tenant);
      expect(await perform(tenant, ref, { kind: "quarantine" })).toMatchObject({ state: "done" });
      const label = { name: "Postern: blocked", color: "red" } as const;
      const late = { stage: "outbox", kind, label, headers: { "x-postern-verdict": "block" } } as const;
      const tooLate = { state: "failed", reason: "already-sent" };
      expect(await perform(tenant, ref, late)).toEqual(tooLate);
      expect(await perform(tenant, refTo("AAMkGone"), late)).toEqual(tooLate);
      expect(foldersOf(tenant, sender)).toEqual([HIDDEN]);
    },
  );

  it("holds what waits in the Outbox though it is no draft, and returns it", async () => {
    const ref = refTo(tenant.sandbox.put(sender, "outbox", sampleMail(sender, [outsider], MAIL_ID)).messageId);
    expect(await tenant.connector.fetch(ref, new AbortController().signal)).toMatchObject({ isDraft: true });
    const { state, copies = [] } = await perform(tenant, ref, { stage: "outbox", kind: "hold" });
    expect([state, foldersOf(tenant, sender)]).toEqual(["done", [HIDDEN]]);
    expect(await perform(tenant, ref, { stage: "outbox", kind: "return-to-sender", copies })).toMatchObject({
      state: "done",
    });
    expect(foldersOf(tenant, sender)).toEqual(["drafts"]);
  });

  it.each(["before", "after"] as const)(
    "sends what was held in the Outbox once, with its blind copies, when the connection breaks %s the sending",
    async (reset) => {
      const mime = Buffer.concat([
        Buffer.from(`Bcc: ${PEOPLE.colleague}\r\n`),
        sampleMail(sender, [outsider], MAIL_ID),
      ]);
      const ref = refTo(tenant.sandbox.put(sender, "outbox", mime).messageId);
      const { copies = [] } = await perform(tenant, ref, { stage: "outbox", kind: "hold" });
      const release = (attempts: number) =>
        perform(tenant, ref, { stage: "outbox", kind: "send-released", copies, attempts });
      tenant.sandbox.faults.add({ method: "POST", path: "*/sendMail", effect: { reset } });
      await expect(release(0)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
      for (const attempts of [1, 2]) expect(await release(attempts)).toMatchObject({ state: "done" });
      expect(tenant.sandbox.outside.map((mail) => [mail.from, mail.to])).toEqual([[sender, outsider]]);
      expect(tenant.sandbox.messages(PEOPLE.colleague, "inbox")).toHaveLength(1);
      expect(foldersOf(tenant, sender)).toEqual(["sentitems"]);
    },
  );

  it("returns a held draft to Drafts, marked", async () => {
    const ref = saveDraft();
    const { copies = [] } = await perform(tenant, ref, { ...draft, kind: "hold" });
    const label = { name: "Postern: blocked", color: "red" } as const;
    for (const attempts of [0, 1]) {
      const outcome = await perform(tenant, ref, { ...draft, kind: "return-to-sender", copies, label, attempts });
      expect(outcome).toMatchObject({ state: "done" });
    }
    expect(tenant.sandbox.messages(sender, "drafts")).toMatchObject([
      { categories: ["Postern: blocked"], isDraft: true },
    ]);
    const colours = tenant.sandbox.requests.filter(
      ({ method, path }) => method === "POST" && path.endsWith("/masterCategories"),
    );
    expect(colours.map(({ body }) => JSON.parse(body.toString()))).toEqual([
      { displayName: label.name, color: "preset0" },
    ]);
  });

  it("stamps headers as named properties of the Internet headers", async () => {
    const ref = saveDraft();
    const outcome = await perform(tenant, ref, {
      ...draft,
      kind: "stamp-header",
      headers: { "x-postern-verdict": "block" },
    });
    expect(outcome).toMatchObject({ state: "done" });
    const [stored] = tenant.sandbox.messages(sender, "drafts");
    expect([...(stored?.properties ?? [])].flat().join(" ")).toMatch(/Name x-postern-verdict block$/i);
  });

  it("offers what it can do at each stage, and never to encrypt or to recall what was not sent", () => {
    const { connector } = tenant;
    expect([...connector.can("draft")]).toEqual(expect.arrayContaining(["hold", "return-to-sender", "send-released"]));
    expect(connector.can("draft").has("recall")).toBe(false);
    expect([...connector.can("compose")]).toEqual(["notify"]);
    for (const stage of ["compose", "draft", "outbox", "sent", "file"] as const) {
      expect(connector.can(stage).has("encrypt")).toBe(false);
    }
  });
});
