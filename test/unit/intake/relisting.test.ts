import fc from "fast-check";
import { expect, it } from "vitest";
import type { MessageRef } from "../../../src/core/message.ts";
import type { MailConnector, TimeWindow } from "../../../src/core/ports.ts";
import type { InboxItem, NewInboxItem } from "../../../src/core/store.ts";
import type { Tenant } from "../../../src/core/tenant.ts";
import { isDue, openRelisting } from "../../../src/intake/relisting.ts";

const ANN = "ann@corp.example";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CONNECTED = new Date("2026-11-30T00:00:00Z");

it("comes once a day for every mailbox, however often it is asked", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.integer({ min: 1, max: 7_200_000 }), { minLength: 50 }), (mailbox, steps) => {
      let at = CONNECTED.getTime();
      const dues: number[] = [];
      for (const step of steps) {
        if (isDue(mailbox, at, at + step)) dues.push(at + step);
        at += step;
      }
      const days = (at - CONNECTED.getTime()) / DAY_MS;
      expect(Math.abs(dues.length - days)).toBeLessThanOrEqual(1);
    }),
  );
});

it("spreads two thousand mailboxes over the day", () => {
  const mailboxes = Array.from({ length: 2_000 }, (_, index) => `user-${index}@corp.example`);
  const perHour = Array.from({ length: 24 }, (_, hour) => {
    const from = CONNECTED.getTime() + hour * HOUR_MS;
    return mailboxes.filter((mailbox) => isDue(mailbox, from, from + HOUR_MS)).length;
  });
  expect(perHour.reduce((sum, count) => sum + count)).toBe(2_000);
  expect(Math.max(...perHour)).toBeLessThan(130);
});

/** A day of an installation with one mailbox, looked at every minute. */
async function oneDay(provider: "google" | "microsoft", listed: readonly string[], accepted: readonly string[]) {
  let now = CONNECTED.getTime() + 5 * DAY_MS;
  const windows: TimeWindow[] = [];
  const taken: NewInboxItem[] = [];
  const told: object[] = [];
  const inbox = new Set(accepted);
  const refs = listed.map((messageId): MessageRef => ({ provider, tenantId: "t", mailbox: ANN, messageId }));
  const connector = {
    async *list(_mailbox: string, window: TimeWindow) {
      windows.push(window);
      yield* refs;
    },
  } as Partial<MailConnector> as MailConnector;
  const tenant = { id: "t", provider, mailboxes: "all", stages: ["sent"], createdAt: CONNECTED } as const;
  const mailbox = { address: ANN, userId: "1", aliases: [], displayName: "Ann", manager: null, usable: true };
  const relist = openRelisting({
    directory: { mailboxes: async () => [mailbox], groups: async () => [] },
    syncs: {
      list: async () => [{ tenantId: "t", mailbox: ANN, stage: "sent", cursor: "1", since: CONNECTED, syncedAt: null }],
    },
    inbox: { find: async ({ messageId }) => (inbox.has(messageId) ? ({ id: messageId } as InboxItem) : undefined) },
    events: {
      append: async (tenantId, kind, body, at) => {
        told.push(body);
        return { id: "e", tenantId, sequence: 1, at, kind, body, hash: "" };
      },
    },
    acceptor: {
      accept: async (items) => {
        for (const item of items) inbox.add(item.messageId ?? "");
        taken.push(...items);
      },
    },
    clock: { now: () => new Date(now) },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const connected = {
    tenant: { ...tenant, name: "", externalId: "", mode: "observe", serviceMailbox: null } as Partial<Tenant> as Tenant,
    connector,
    directory: () => Promise.reject(new Error("not asked for")),
  };
  for (const end = now + DAY_MS; now < end; now += 60_000) await relist(connected, new AbortController().signal);
  return { windows, taken, told };
}

it("takes in and tells of listed mail that nothing told of, and leaves the rest alone", async () => {
  const { windows, taken, told } = await oneDay("google", ["known-1", "lost", "known-2"], ["known-1", "known-2"]);
  expect(windows).toHaveLength(1);
  expect((windows[0]?.until.getTime() ?? 0) - (windows[0]?.since.getTime() ?? 0)).toBeGreaterThan(DAY_MS);
  expect(taken).toEqual([
    {
      tenantId: "t",
      provider: "google",
      mailbox: ANN,
      stage: "sent",
      trigger: "catch-up",
      kind: "message",
      messageId: "lost",
    },
  ]);
  expect(told).toEqual([{ what: "listed-only", mailbox: ANN, stage: "sent", providerMessageId: "lost" }]);
});

it("is not done where the provider's own list of changes is complete", async () => {
  expect((await oneDay("microsoft", ["any"], [])).windows).toEqual([]);
});
