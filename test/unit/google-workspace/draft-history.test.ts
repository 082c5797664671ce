import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ANN, mail, OTTO, openSandboxTenant, type SandboxTenant } from "./sandbox-tenant.ts";

const never = new AbortController().signal;
const MINUTE_MS = 60_000;

describe("drafts under watch", () => {
  let tenant: SandboxTenant;
  let now: number;
  let cursor: string | undefined;
  beforeEach(async () => {
    now = Date.now();
    cursor = undefined;
    tenant = await openSandboxTenant(
      () => ({ stages: ["sent", "draft"] }),
      () => new Date(now),
    );
    await read();
  });
  afterEach(() => tenant.close());

  async function read(since = new Date(now)): Promise<readonly string[]> {
    const changes = await tenant.connector.changes({ mailbox: ANN, stage: "draft", cursor, since }, never);
    cursor = changes.cursor;
    return changes.messages.map(({ messageId }) => messageId);
  }
  const save = (name: string, draftId?: string) =>
    tenant.sandbox.saveDraft(ANN, mail(ANN, [OTTO], `<${name}@client.example>`), draftId ? { draftId } : {});
  const reads = () => tenant.sandbox.meters.calls("gmail.users.messages.get");

  it("are read once they were left alone for a minute: the newest of a conversation, once", async () => {
    const { draftId } = save("offer");
    for (let version = 0; version < 5; version += 1) {
      save("offer", draftId);
      expect(await read()).toEqual([]);
      now += MINUTE_MS / 3;
    }
    const last = save("offer", draftId);
    expect(await read()).toEqual([]);
    now += MINUTE_MS;
    expect(await read()).toEqual([last.id]);
    now += MINUTE_MS;
    expect(await read()).toEqual([]);
    expect(reads()).toBe(0);
  });

  it("are read after ten minutes although they are still being written", async () => {
    const { draftId } = save("novel");
    let found: readonly string[] = [];
    let minutes = 0;
    for (; found.length === 0 && minutes < 20; minutes += 0.5) {
      now += MINUTE_MS / 2;
      save("novel", draftId);
      found = await read();
    }
    expect(minutes).toBeGreaterThanOrEqual(10);
    expect(minutes).toBeLessThan(11.5);
  });

  it("keep the others waiting for nobody, and survive the end of the process", async () => {
    const quiet = save("quiet");
    await read();
    now += MINUTE_MS;
    const written = save("written");
    expect(await read()).toEqual([quiet.id]);
    const { cursor: stored } = { cursor };
    await tenant.connector.changes({ mailbox: ANN, stage: "draft", cursor: undefined, since: new Date(now) }, never);
    cursor = stored;
    now += MINUTE_MS;
    expect(await read()).toEqual([written.id]);
  });

  it("are forgotten when they are thrown away or sent, without a read", async () => {
    const sent = save("sent");
    const thrownAway = save("thrown-away");
    await read();
    tenant.sandbox.sendDraft(ANN, sent.draftId);
    tenant.sandbox.discardDraft(ANN, thrownAway.draftId);
    await tenant.sandbox.send(ANN, mail(ANN, [OTTO], "<relabelled@client.example>"), { appears: "relabelled" });
    now += 2 * MINUTE_MS;
    expect(await read()).toEqual([]);
    expect(reads()).toBe(0);
  });

  it("ask for no notification: one a second is all that Gmail sends for a mailbox, and a send needs it", async () => {
    const request = { mailbox: ANN, stage: "sent", current: undefined } as const;
    await tenant.connector.watch({ ...request, notificationUrl: "", lifecycleUrl: "", clientState: "" }, never);
    expect(tenant.sandbox.watchOf(ANN)?.labelIds).toEqual(["SENT"]);
  });
});
