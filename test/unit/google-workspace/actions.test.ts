import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PlannedAction } from "../../../src/core/action.ts";
import { ANN, action, BOB, MIA, mail, OTTO, openSandboxTenant, refTo, type SandboxTenant } from "./sandbox-tenant.ts";

const never = new AbortController().signal;
const ID = "<act-1@client.example>";

let tenant: SandboxTenant;
beforeEach(async () => {
  tenant = await openSandboxTenant();
});
afterEach(() => tenant.close());

const perform = (messageId: string, given: Partial<PlannedAction> & Pick<PlannedAction, "kind" | "target">) =>
  tenant.connector.perform(action(refTo(messageId), { internetMessageId: ID, ...given }), never);
const copiesOf = (mailbox: string, id = ID) =>
  tenant.sandbox.messages(mailbox).filter(({ internetMessageId }) => internetMessageId === id);
const labelsOf = (mailbox: string, id = ID) => copiesOf(mailbox, id).map(({ labels }) => new Set(labels));

async function send(to: readonly string[] = [BOB, OTTO], from = ANN, id = ID): Promise<string> {
  return (await tenant.sandbox.send(from, mail(from, to, id))).id;
}

describe("labels", () => {
  it("are made once with their parents, then found", async () => {
    const label = { name: "Postern/Blocked", color: "red" } as const;
    const first = await send();
    expect(await perform(first, { kind: "label", target: ANN, label })).toEqual({ state: "done", reason: null });
    const second = await send([OTTO], ANN, "<act-2@client.example>");
    await perform(second, { kind: "label", target: ANN, label, internetMessageId: "<act-2@client.example>" });
    expect(new Set(tenant.sandbox.labels(ANN).values())).toEqual(new Set(["Postern", "Postern/Blocked"]));
    expect(tenant.sandbox.meters.calls("gmail.users.labels.create")).toBe(2);
  });

  it("are set on the mail that is found by its Message-ID when the id is gone", async () => {
    await send();
    const label = { name: "Postern", color: "yellow" } as const;
    expect((await perform("18f0000000000000", { kind: "label", target: ANN, label })).state).toBe("done");
    expect(copiesOf(ANN)[0]?.labels).toHaveLength(2);
  });
});

describe("recall", () => {
  it("finds the copy while the search index lags", async () => {
    const id = await send();
    tenant.sandbox.lag.begin("search");
    await send([BOB], MIA, "<other@client.example>");
    const late = await send([BOB, OTTO], ANN, "<late@client.example>");
    const recall = { kind: "recall", target: BOB, internetMessageId: "<late@client.example>" } as const;
    await expect(perform(late, recall)).rejects.toMatchObject({ code: "MESSAGE_NOT_FOUND", retry: { afterMs: 1_000 } });
    expect((await perform(late, { ...recall, attempts: 1 })).state).toBe("done");
    expect(labelsOf(BOB, "<late@client.example>")[0]).toContain("TRASH");
    expect(labelsOf(BOB, "<other@client.example>")[0]).not.toContain("TRASH");
    tenant.sandbox.lag.end("search");
    expect(labelsOf(ANN)[0]).not.toContain("TRASH");
    expect(id).not.toBe(late);
  });

  it("takes nothing else when the sender made the Message-ID a search of its own", async () => {
    const sly = "<x OR in:inbox>";
    await send([BOB], MIA, "<innocent@client.example>");
    const id = await send([BOB], ANN, sly);
    const outcome = await perform(id, { kind: "recall", target: BOB, internetMessageId: sly, attempts: 9 });
    expect(labelsOf(BOB, "<innocent@client.example>")[0]).not.toContain("TRASH");
    expect(outcome.copies?.length ?? 0).toBeLessThanOrEqual(1);
  });

  it("leaves what the recipient sent alone", async () => {
    const id = await send([BOB]);
    await tenant.sandbox.deposit(MIA, mail(MIA, [OTTO], ID), { labels: ["SENT"] });
    expect(await perform(id, { kind: "recall", target: MIA })).toEqual({
      state: "not-possible",
      reason: "own-sent-copy",
    });
  });

  it("is not possible in a mailbox that is suspended", async () => {
    const id = await send([BOB]);
    tenant.sandbox.updateUser(BOB, { suspended: true });
    const outcome = await perform(id, { kind: "recall", target: BOB });
    expect(outcome).toEqual({ state: "not-possible", reason: "mailbox-unavailable" });
  });
});

describe("restore", () => {
  it("puts labels and read state back as they were", async () => {
    const id = await send([BOB]);
    const before = labelsOf(BOB);
    const { copies = [] } = await perform(id, { kind: "recall", target: BOB });
    await perform(id, { kind: "restore", target: BOB, copies });
    expect(labelsOf(BOB)).toEqual(before);
  });

  it("leaves in the trash what its owner had thrown away", async () => {
    await tenant.sandbox.deposit(BOB, mail(ANN, [BOB], ID), { labels: ["TRASH"] });
    const { copies = [] } = await perform("1", { kind: "recall", target: BOB });
    expect(copies).toHaveLength(1);
    await perform("1", { kind: "restore", target: BOB, copies });
    expect(labelsOf(BOB)[0]).toContain("TRASH");
  });

  it("has nothing to do without copies, and says so", async () => {
    expect(await perform("1", { kind: "restore", target: ANN })).toEqual({ state: "failed", reason: "no-copies" });
  });
});

describe("purge", () => {
  it("needs the full scope, which is not asked for otherwise", async () => {
    const id = await send();
    const { copies = [] } = await perform(id, { kind: "quarantine", target: ANN });
    tenant.sandbox.delegation.delete("https://mail.google.com/");
    expect(await perform(id, { kind: "purge", target: ANN, copies })).toEqual({
      state: "not-possible",
      reason: "needs-full-scope",
    });
    tenant.sandbox.delegation.add("https://mail.google.com/");
    for (let i = 0; i < 2; i += 1)
      expect((await perform(id, { kind: "purge", target: ANN, copies })).state).toBe("done");
    expect(copiesOf(ANN)).toEqual([]);
  });
});

describe("notices", () => {
  const notice = {
    to: MIA,
    subject: "Blocked",
    text: "Blocked",
    html: "<p>Blocked</p>",
    headers: { "x-postern-notice": "1" },
  };
  const received = () => tenant.sandbox.messages(MIA).filter(({ subject }) => subject === "Blocked");

  it("leave once when the answer was lost, also when Gmail replaced the Message-ID", async () => {
    tenant.sandbox.behaviour.rewriteMessageId = true;
    const lost = {
      match: { operation: "gmail.users.messages.send" },
      effect: { kind: "reset", when: "after" },
    } as const;
    tenant.sandbox.faults.add(lost);
    await expect(perform("1", { kind: "notify", target: MIA, notice })).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
    });
    expect((await perform("1", { kind: "notify", target: MIA, notice, attempts: 1 })).state).toBe("done");
    expect(received()).toHaveLength(1);
  });

  it("leave at the second attempt when the first one did not", async () => {
    const cut = {
      match: { operation: "gmail.users.messages.send" },
      effect: { kind: "reset", when: "before" },
    } as const;
    tenant.sandbox.faults.add(cut);
    await expect(perform("1", { kind: "notify", target: MIA, notice })).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
    });
    expect((await perform("1", { kind: "notify", target: MIA, notice, attempts: 1 })).state).toBe("done");
    expect(received()).toHaveLength(1);
  });

  it("are not sent again when nobody can look whether they left", async () => {
    for (const scope of ["readonly", "modify"]) {
      tenant.sandbox.delegation.delete(`https://www.googleapis.com/auth/gmail.${scope}`);
    }
    expect(await perform("1", { kind: "notify", target: MIA, notice, attempts: 1 })).toEqual({
      state: "failed",
      reason: "outcome-unknown",
    });
    expect(received()).toEqual([]);
  });

  it("come from the mailbox that the notice names", async () => {
    await perform("1", { kind: "notify", target: MIA, notice: { ...notice, from: BOB } });
    expect(Buffer.from(received()[0]?.mime ?? []).toString()).toContain("bob@corp.example");
  });
});

describe("what cannot be done", () => {
  it("is said for every action before sending but a notice", async () => {
    for (const stage of ["draft", "outbox", "compose"] as const) {
      expect([...tenant.connector.can(stage)]).toEqual(["notify"]);
      for (const kind of ["label", "quarantine", "hold", "return-to-sender", "stamp-header"] as const) {
        expect((await perform("1", { kind, target: ANN, stage })).state).toBe("not-possible");
      }
    }
    expect(tenant.sandbox.requests).toEqual([]);
  });
});

describe("content", () => {
  it("never reaches logs, metrics or errors", async () => {
    const secret = "Confidential-4111111111111111";
    const { id } = await tenant.sandbox.send(ANN, mail(ANN, [BOB], ID, secret));
    await tenant.connector.fetch(refTo(id), never);
    await perform(id, { kind: "recall", target: BOB });
    tenant.sandbox.faults.add({ effect: { kind: "status", status: 400, message: secret }, times: 1 });
    const error: unknown = await tenant.connector.fetch(refTo(id), never).catch((thrown: unknown) => thrown);
    const said = JSON.stringify([error, (error as Error).message, tenant.traces]);
    expect(said).not.toContain("4111111111111111");
    expect(said).not.toMatch(/Bearer|ya29|private_key/);
  });
});
