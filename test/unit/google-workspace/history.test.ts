import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ANN, BOB, mail, OTTO, openSandboxTenant, type SandboxTenant } from "./sandbox-tenant.ts";

const never = new AbortController().signal;

describe("the history of a mailbox", () => {
  let tenant: SandboxTenant;
  beforeEach(async () => {
    tenant = await openSandboxTenant();
  });
  afterEach(() => tenant.close());

  const send = (n: number) => tenant.sandbox.send(ANN, mail(ANN, [OTTO], `<m${n}@client.example>`));
  const changes = (cursor: string | undefined, since = new Date(0)) =>
    tenant.connector.changes({ mailbox: ANN, stage: "sent", cursor, since }, never);

  it("loses nothing when the index lags and claims the newest id all the same", async () => {
    const { cursor } = await changes(undefined, new Date());
    tenant.sandbox.lag.begin("history", { calls: 1, cursor: "head" });
    const sent = [await send(1), await send(2), await send(3)];
    const first = await changes(cursor);
    const second = await changes(first.cursor);
    const found = [...first.messages, ...second.messages].map(({ messageId }) => messageId);
    expect(found).toEqual(sent.map(({ id }) => id));
  });

  it("is read anew from a time when it was forgotten, and goes on from there", async () => {
    const since = new Date();
    const { cursor } = await changes(undefined, since);
    const sent: string[] = [];
    for (let n = 0; n < 7; n += 1) sent.push((await send(n)).id);
    tenant.sandbox.expireHistory(ANN);
    await expect(changes(cursor)).rejects.toMatchObject({ code: "CURSOR_EXPIRED" });
    const again = await changes(undefined, since);
    expect(again.messages).toHaveLength(7);
    expect(new Set(again.messages.map(({ messageId }) => messageId))).toEqual(new Set(sent));
    const later = await send(8);
    expect((await changes(again.cursor)).messages).toMatchObject([{ messageId: later.id }]);
  });

  it("does not read a draft, however often it was saved, and sees the mail once it is sent", async () => {
    const { cursor } = await changes(undefined, new Date());
    let draftId: string | undefined;
    for (let n = 0; n < 5; n += 1) {
      const saved = tenant.sandbox.saveDraft(ANN, mail(ANN, [OTTO], "<d@client.example>"), draftId ? { draftId } : {});
      draftId = saved.draftId;
    }
    const sent = await send(1);
    expect((await changes(cursor)).messages).toMatchObject([{ messageId: sent.id }]);
    expect(tenant.sandbox.meters.calls("gmail.users.messages.get")).toBe(0);
  });

  it("ignores what the mailbox receives", async () => {
    const { cursor } = await changes(undefined, new Date());
    await tenant.sandbox.send(BOB, mail(BOB, [ANN], "<b@client.example>"));
    expect((await changes(cursor)).messages).toEqual([]);
  });

  it("costs at most 27 units for a clean sent mail, watch and first look aside", async () => {
    const { cursor } = await changes(undefined, new Date());
    const before = tenant.sandbox.meters.units("current", ANN);
    await send(1);
    const { messages } = await changes(cursor);
    for (const ref of messages) await tenant.connector.fetch(ref, never);
    expect(tenant.sandbox.meters.units("current", ANN) - before).toBeLessThanOrEqual(27);
  });
});
