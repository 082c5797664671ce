import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { meet, PEOPLE, startTestTenant, type TestTenant } from "./support/tenant.ts";

const { signal } = new AbortController();

describe("changes of the directory", () => {
  let tenant: TestTenant;
  beforeEach(async () => {
    tenant = await startTestTenant();
  });
  afterEach(async () => {
    await tenant.close();
  });

  async function changesAfter(cursor: string | undefined) {
    const changes = await tenant.connector.directoryChanges?.(cursor, signal);
    if (!changes) throw new Error("Microsoft 365 tells of changes");
    return changes;
  }

  it("are those from the moment on in which the first cursor was taken", async () => {
    const { cursor, ...rest } = await changesAfter(undefined);
    expect(rest).toEqual({ mailboxes: [], gone: [], many: false });
    expect(await changesAfter(cursor)).toMatchObject({ mailboxes: [], gone: [] });
  });

  it("name who came and changed as they are now, with their managers, and who went", async () => {
    const { cursor } = await changesAfter(undefined);
    tenant.sandbox.addUser({ address: "Zoe@contoso.example", displayName: "Zoe", manager: PEOPLE.manager });
    tenant.sandbox.addUser({ address: PEOPLE.colleague, displayName: "Carl", usable: false });
    const { userId } = (await tenant.connector.directory(signal)).mailboxes.find(
      ({ address }) => address === PEOPLE.sender,
    ) ?? { userId: "" };
    tenant.sandbox.removeUser(PEOPLE.sender);
    const changes = await changesAfter(cursor);
    expect(changes.gone).toEqual([userId]);
    expect(changes.mailboxes).toHaveLength(2);
    expect(changes.mailboxes).toMatchObject([
      { address: "zoe@contoso.example", manager: PEOPLE.manager, usable: true },
      { address: PEOPLE.colleague },
    ]);
    expect(await changesAfter(changes.cursor)).toMatchObject({ mailboxes: [], gone: [] });
  });

  it("are left to the whole reading when there are more than a hundred", async () => {
    const { cursor } = await changesAfter(undefined);
    for (let index = 0; index < 101; index += 1)
      tenant.sandbox.addUser({ address: `new-${index}@contoso.example`, displayName: "New" });
    expect(await changesAfter(cursor)).toMatchObject({ many: true, mailboxes: [], gone: [] });
  });

  it("say that the cursor is forgotten", async () => {
    const { cursor } = await changesAfter(undefined);
    meet(tenant.sandbox, { path: "*/users/delta" }, { answer: { status: 410, code: "syncStateNotFound" } });
    await expect(changesAfter(cursor)).rejects.toMatchObject({ code: "CURSOR_EXPIRED" });
  });

  it("are asked for in batches, whose inner refusals are asked for again by themselves", async () => {
    const { cursor } = await changesAfter(undefined);
    for (let index = 0; index < 30; index += 1)
      tenant.sandbox.addUser({ address: `new-${index}@contoso.example`, displayName: "New" });
    const throttled = { status: 429, code: "TooManyRequests", retryAfter: 0.05 };
    const path = /\/users\/[0-9a-f-]{36}$/;
    tenant.sandbox.faults.add({ path, every: 4, count: 6, effect: { answer: throttled } });
    const before = tenant.sandbox.requests.length;
    const { mailboxes } = await changesAfter(cursor);
    expect(new Set(mailboxes.map(({ address }) => address)).size).toBe(30);
    const outer = tenant.sandbox.requests.slice(before).filter(({ inBatch }) => !inBatch);
    expect(outer.length).toBeLessThan(12);
  });
});

describe("subscriptions that the service has", () => {
  it("are listed over all pages with the address that they notify", async () => {
    const tenant = await startTestTenant();
    tenant.sandbox.quirks.maxPageSize = 1;
    const request = { notificationUrl: tenant.notificationUrl, lifecycleUrl: tenant.notificationUrl, clientState: "s" };
    for (const mailbox of [PEOPLE.sender, PEOPLE.colleague])
      await tenant.connector.watch({ ...request, mailbox, stage: "sent", current: undefined }, signal);
    const listed = await tenant.connector.watches?.(signal);
    expect(listed?.map(({ notificationUrl }) => notificationUrl)).toEqual([
      tenant.notificationUrl,
      tenant.notificationUrl,
    ]);
    await tenant.close();
  });
});
