import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sampleMail } from "../../contract/connector-harness.ts";
import { foldersOf, MAIL_ID, perform, refTo, sendMail } from "./support/acting.ts";
import { meet, PEOPLE, startTestTenant, type TestTenant } from "./support/tenant.ts";

const HIDDEN = "Postern Quarantine";
const { sender, colleague, outsider, manager } = PEOPLE;

describe("quarantine of the sender's copy", () => {
  let tenant: TestTenant;
  beforeEach(async () => {
    tenant = await startTestTenant();
  });
  afterEach(async () => {
    await tenant.close();
  });

  it("finds a copy that was moved under another id, and does not call it done before", async () => {
    await sendMail(tenant);
    const [copy] = tenant.sandbox.messages(sender, "sentitems");
    tenant.sandbox.createFolder(sender, "Archive of mine");
    tenant.sandbox.move(sender, copy?.id ?? "", "Archive of mine");
    const outcome = await perform(tenant, refTo("AAMkStale"), { kind: "quarantine" });
    expect(outcome.state).toBe("done");
    expect(foldersOf(tenant, sender)).toEqual([HIDDEN]);
    expect(await perform(tenant, refTo("AAMkStale"), { kind: "restore", copies: outcome.copies ?? [] })).toMatchObject({
      state: "done",
    });
    expect(foldersOf(tenant, sender)).toEqual(["Archive of mine"]);
  });

  it("prefers Sent Items to what the sender received when the id is lost", async () => {
    await sendMail(tenant, [sender, outsider]);
    expect(await perform(tenant, refTo("AAMkStale"), { kind: "quarantine" })).toMatchObject({ state: "done" });
    expect(foldersOf(tenant, sender)).toEqual(["inbox", HIDDEN]);
  });

  it("takes exactly the message that the id names when another one has its Message-ID", async () => {
    const first = await sendMail(tenant);
    await sendMail(tenant);
    await perform(tenant, first, { kind: "quarantine" });
    expect(foldersOf(tenant, sender)).toEqual([HIDDEN, "sentitems"]);
    expect(tenant.sandbox.messages(sender, HIDDEN)[0]?.id).toBe(first.messageId);
  });

  it("does not trust a folder of the right name that people can see", async () => {
    tenant.sandbox.createFolder(sender, HIDDEN);
    const ref = await sendMail(tenant);
    expect(await perform(tenant, ref, { kind: "quarantine" })).toMatchObject({ state: "done" });
    expect(foldersOf(tenant, sender)[0]).toMatch(/^Postern Quarantine [0-9a-f]{8}$/);
  });

  it("uses one hidden folder, however many workers create it", async () => {
    const refs = [await sendMail(tenant), await sendMail(tenant), await sendMail(tenant)];
    const other = tenant.open();
    await Promise.all(
      refs.map((ref, index) =>
        perform(index === 1 ? { ...tenant, connector: other } : tenant, ref, {
          kind: "quarantine",
          internetMessageId: null,
        }),
      ),
    );
    expect(tenant.sandbox.messages(sender, HIDDEN)).toHaveLength(3);
  });

  it("remembers where a copy stood when the answer to the move was lost", async () => {
    const ref = await sendMail(tenant);
    tenant.sandbox.createFolder(sender, "Projects");
    tenant.sandbox.move(sender, ref.messageId, "Projects");
    meet(tenant.sandbox, { path: "*/move" }, { reset: "after" });
    await expect(perform(tenant, ref, { kind: "quarantine" })).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    const { copies = [] } = await perform(tenant, ref, { kind: "quarantine", attempts: 1 });
    await perform(tenant, ref, { kind: "restore", copies });
    expect(foldersOf(tenant, sender)).toEqual(["Projects"]);
  });

  it("goes through one move and one look when nothing goes wrong", async () => {
    const ref = await sendMail(tenant);
    await perform(tenant, ref, { kind: "quarantine" });
    const again = await sendMail(tenant);
    const before = tenant.sandbox.requests.length;
    await perform(tenant, again, { kind: "quarantine" });
    expect(tenant.sandbox.requests.slice(before).map((seen) => seen.method)).toEqual(["GET", "POST"]);
  });

  it("does nothing in observe mode", async () => {
    const ref = await sendMail(tenant);
    const observer = { ...tenant, connector: tenant.open({ mode: "observe" }) };
    expect(await perform(observer, ref, { kind: "quarantine" })).toEqual({
      state: "not-possible",
      reason: "observe-mode",
    });
    expect(foldersOf(tenant, sender)).toEqual(["sentitems"]);
  });
});

describe("recall", () => {
  let tenant: TestTenant;
  beforeEach(async () => {
    tenant = await startTestTenant();
  });
  afterEach(async () => {
    await tenant.close();
  });

  it("finds a copy in whatever folder, read or unread, and puts it back there", async () => {
    const ref = await sendMail(tenant);
    const [copy] = tenant.sandbox.messages(colleague, "inbox");
    tenant.sandbox.createFolder(colleague, "Later");
    tenant.sandbox.move(colleague, copy?.id ?? "", "Later");
    tenant.sandbox.setRead(colleague, copy?.id ?? "", true);
    const { copies = [] } = await perform(tenant, ref, { kind: "recall", target: colleague });
    expect(foldersOf(tenant, colleague)).toEqual([HIDDEN]);
    await perform(tenant, ref, { kind: "restore", target: colleague, copies });
    expect(tenant.sandbox.messages(colleague, "Later")).toMatchObject([{ isRead: true, internetMessageId: MAIL_ID }]);
  });

  it("leaves a stranger's mail alone that has the same Message-ID", async () => {
    await tenant.sandbox.send(manager, sampleMail(manager, [colleague], MAIL_ID, "Lunch"));
    const ref = await sendMail(tenant);
    expect(await perform(tenant, ref, { kind: "recall", target: colleague })).toMatchObject({ state: "done" });
    expect(tenant.sandbox.messages(colleague, "inbox")).toMatchObject([{ subject: "Lunch" }]);
  });

  it("takes a copy that was sent in another mailbox's name", async () => {
    const mime = sampleMail("sales@contoso.example", [colleague], MAIL_ID);
    tenant.sandbox.addUser({ address: "sales@contoso.example", displayName: "Sales", purpose: "shared" });
    const { messageId } = await tenant.sandbox.send(sender, mime);
    const outcome = await perform(tenant, refTo(messageId ?? ""), { kind: "recall", target: colleague });
    expect(outcome.state).toBe("done");
    expect(foldersOf(tenant, colleague)).toEqual([HIDDEN]);
  });

  it("says that a mailbox does not exist instead of failing for ever", async () => {
    const ref = await sendMail(tenant);
    tenant.sandbox.addUser({ address: "new@contoso.example", displayName: "New", usable: false });
    const outcome = await perform(tenant, ref, { kind: "recall", target: "new@contoso.example" });
    expect(outcome).toEqual({ state: "not-possible", reason: "mailbox-unavailable" });
  });

  it("restores to the inbox when the folder where it stood is gone, and tells a copy that is nowhere", async () => {
    const ref = await sendMail(tenant);
    const { copies = [] } = await perform(tenant, ref, { kind: "recall", target: colleague });
    const moved = copies.map((copy) => ({ ...copy, origin: "AAMkGoneFolder" }));
    expect(await perform(tenant, ref, { kind: "restore", target: colleague, copies: moved })).toMatchObject({
      state: "done",
    });
    expect(foldersOf(tenant, colleague)).toEqual(["inbox"]);
    tenant.sandbox.erase(colleague, copies[0]?.messageId ?? "");
    const gone = await perform(tenant, ref, { kind: "restore", target: colleague, copies, attempts: 9 });
    expect(gone).toEqual({ state: "failed", reason: "not-found" });
  });
});
