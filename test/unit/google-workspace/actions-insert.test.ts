import { afterEach, describe, expect, it } from "vitest";
import { composeTombstone } from "../../../connectors/google-workspace/tombstone.ts";
import { GMAIL_INSERT, GMAIL_MODIFY } from "../../../connectors/sandbox/google/auth/scopes.ts";
import type { ActionOutcome, PlannedAction } from "../../../src/core/action.ts";
import type { GoogleCapabilities } from "../../../src/core/tenant.ts";
import { ANN, action, BOB, MIA, mail, OTTO, openSandboxTenant, refTo, type SandboxTenant } from "./sandbox-tenant.ts";

const never = new AbortController().signal;
const ID = "<act-1@client.example>";
const SUBJECT = "Quarterly figures";

let tenant: SandboxTenant;
afterEach(() => tenant.close());

async function open(capabilities: GoogleCapabilities): Promise<string> {
  tenant = await openSandboxTenant(() => ({ capabilities }));
  return (await tenant.sandbox.send(ANN, mail(ANN, [BOB, OTTO], ID, SUBJECT))).id;
}
const perform = (id: string, given: Partial<PlannedAction> & Pick<PlannedAction, "kind" | "target">) =>
  tenant.connector.perform(action(refTo(id), { internetMessageId: ID, ...given }), never);
const visible = (mailbox: string) => tenant.sandbox.messages(mailbox).filter(({ labels }) => !labels.includes("TRASH"));
const restore = (id: string, { copies = [] }: ActionOutcome) => perform(id, { kind: "restore", target: BOB, copies });

describe("a message in the place of one that was taken back", () => {
  it("says who sent it, not what it said, and goes when the copy comes back", async () => {
    const id = await open({ tombstone: true });
    const taken = await perform(id, { kind: "recall", target: BOB });
    expect(taken.state).toBe("done");
    const [stone, ...others] = visible(BOB);
    expect(others).toEqual([]);
    expect(stone?.labels).toEqual(expect.arrayContaining(["INBOX", "UNREAD"]));
    const text = Buffer.from(stone?.mime ?? []).toString();
    expect(text).toContain(ANN);
    expect(text).not.toContain(SUBJECT);
    expect((await restore(id, taken)).state).toBe("done");
    expect(visible(BOB).map(({ internetMessageId }) => internetMessageId)).toEqual([ID]);
    expect(tenant.sandbox.outside).toHaveLength(1);
  });

  it("stands once when the answer to the insertion is lost", async () => {
    const id = await open({ tombstone: true });
    tenant.sandbox.faults.add({
      match: { operation: "gmail.users.messages.insert" },
      times: 1,
      effect: { kind: "reset", when: "after" },
    });
    const recall = { kind: "recall", target: BOB } as const;
    await expect(perform(id, recall)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    const again = await perform(id, { ...recall, attempts: 1 });
    expect(visible(BOB)).toHaveLength(1);
    expect((await restore(id, again)).state).toBe("done");
    expect(visible(BOB)).toMatchObject([{ internetMessageId: ID, labels: expect.arrayContaining(["INBOX"]) }]);
  });

  it("is left only where the customer wants it", async () => {
    const id = await open({});
    expect((await perform(id, { kind: "recall", target: BOB })).copies).toHaveLength(1);
    expect(visible(BOB)).toEqual([]);
    expect(tenant.sandbox.meters.calls("gmail.users.messages.insert")).toBe(0);
  });

  it("stands in for nothing that its owner had thrown away before", async () => {
    const id = await open({ tombstone: true });
    const [copy] = tenant.sandbox.messages(BOB);
    await perform(copy?.id ?? "", { kind: "quarantine", target: BOB, ref: refTo(copy?.id ?? "", BOB) });
    expect((await perform(id, { kind: "recall", target: BOB })).copies).toHaveLength(1);
    expect(visible(BOB)).toEqual([]);
  });
});

describe("the evidence mailbox", () => {
  it("has the message byte by byte before the sender's copy goes, once", async () => {
    const id = await open({ evidenceMailbox: MIA });
    const [sent] = tenant.sandbox.messages(ANN);
    const quarantine = { kind: "quarantine", target: ANN } as const;
    await perform(id, quarantine);
    await perform(id, { ...quarantine, attempts: 1 });
    const kept = tenant.sandbox.messages(MIA);
    expect(kept.map(({ mime }) => Buffer.from(mime).equals(Buffer.from(sent?.mime ?? [])))).toEqual([true]);
    expect(kept[0]?.labels).toEqual([]);
    expect(visible(ANN)).toEqual([]);
  });

  it("does not keep a copy from being taken when it is out of order", async () => {
    const id = await open({ evidenceMailbox: MIA });
    tenant.sandbox.updateUser(MIA, { isMailboxSetup: false });
    expect((await perform(id, { kind: "quarantine", target: ANN })).state).toBe("done");
    expect(visible(ANN)).toEqual([]);
  });

  it("is filled with the wider right where inserting was not granted by itself", async () => {
    const id = await open({ evidenceMailbox: MIA });
    tenant.sandbox.delegation.delete(GMAIL_INSERT);
    expect([...tenant.sandbox.delegation]).toContain(GMAIL_MODIFY);
    await perform(id, { kind: "quarantine", target: ANN });
    expect(tenant.sandbox.messages(MIA)).toHaveLength(1);
  });
});

it("speaks the language of the mailbox's owner, and English where it does not know it", async () => {
  const facts = { actionId: "a", to: BOB, sender: ANN, date: new Date() };
  const subjectIn = async (language: string | undefined) =>
    /^Subject: (.*)$/m.exec(Buffer.from(await composeTombstone({ ...facts, language })).toString())?.[1]?.trim();
  expect(await subjectIn("nl-NL")).toBe("Een bericht is teruggehaald");
  expect(await subjectIn("xx")).toBe("A message was taken back");
  expect(await subjectIn(undefined)).toBe("A message was taken back");
});
