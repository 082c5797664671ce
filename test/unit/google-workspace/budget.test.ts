import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CALLS } from "../../../connectors/google-workspace/calls.ts";
import { isDue as isRelisted } from "../../../src/intake/relisting.ts";
import { isDue as isRenewed } from "../../../src/intake/subscriptions.ts";
import { sweepShare } from "../../../src/intake/sweep-share.ts";
import { ANN, mail, OTTO, openSandboxTenant, type SandboxTenant } from "./sandbox-tenant.ts";

const never = new AbortController().signal;
const MINUTE_MS = 60_000;
/** Minutes. */
const DAY = 1_440;
const MAILBOXES = 2_000;
/** Of a project that is new since May 2026: units for each user and minute, for the project and minute, and a day. */
const BUDGET = { user: 6_000, project: 1_200_000, day: 80_000_000 } as const;
const SHARE = 0.05;
/** The default of POSTERN_CATCH_UP_SECONDS. */
const SWEEP_MS = 60_000;

describe("what watching costs while nothing is sent", () => {
  let tenant: SandboxTenant;
  let now: number;
  beforeEach(async () => {
    now = Date.now();
    tenant = await openSandboxTenant(undefined, () => new Date(now));
  });
  afterEach(() => tenant.close());

  const spent = async (work: () => Promise<unknown>): Promise<number> => {
    const before = tenant.sandbox.meters.units("current", ANN);
    await work();
    return tenant.sandbox.meters.units("current", ANN) - before;
  };
  const changes = (cursor: string | undefined) =>
    tenant.connector.changes({ mailbox: ANN, stage: "sent", cursor, since: new Date(now) }, never);
  const renew = () =>
    tenant.connector.watch(
      { mailbox: ANN, stage: "sent", current: undefined, notificationUrl: "", lifecycleUrl: "", clientState: "" },
      never,
    );

  it("is under five percent of every budget of 2,000 mailboxes, with renewals and daily listings", async () => {
    const { cursor } = await changes(undefined);
    // A mail that was received moves the history on: the sweep may read twice then, and steps over it later.
    await tenant.sandbox.deposit(ANN, mail(OTTO, [ANN], "<in@out.example>"));
    const sweep = await spent(() => changes(cursor));
    await tenant.sandbox.send(ANN, mail(ANN, [OTTO], "<out@client.example>"));
    const renewal = await spent(renew);
    const listing = await spent(async () => {
      const window = { since: new Date(now - 86_400_000), until: new Date(now + MINUTE_MS) };
      for await (const ref of tenant.connector.list(ANN, window, never)) expect(ref.mailbox).toBe(ANN);
    });
    expect({ sweep: sweep <= 4, renewal, listing: listing <= 45 }).toEqual({
      sweep: true,
      renewal: 100,
      listing: true,
    });

    const all = perMinute({ sweep, renewal, listing });
    // One mailbox: all that may meet in one minute of it.
    expect(sweep + renewal + listing).toBeLessThan(SHARE * BUDGET.user);
    expect(Math.max(...all)).toBeLessThan(SHARE * BUDGET.project);
    expect(all.reduce((sum, units) => sum + units, 0)).toBeLessThan(SHARE * BUDGET.day);
  });
});

/** Units of the project in each minute of one day, as the schedule spreads renewals, sweeps and listings. */
function perMinute(cost: { readonly sweep: number; readonly renewal: number; readonly listing: number }): number[] {
  const start = Date.parse("2026-12-01T00:00:00Z");
  const at = (minute: number) => new Date(start + minute * MINUTE_MS);
  const all = Array.from({ length: MAILBOXES }, (_, index) => ({ mailbox: `user-${index}@corp.example` }));
  const turns = [0, 1].map((minute) => sweepShare(all, "google", SWEEP_MS, at(minute)).length);
  expect(turns[0] ?? 0).toBeLessThan(MAILBOXES);
  const units = Array.from({ length: DAY }, (_, minute) => (turns[minute % 2] ?? 0) * cost.sweep);
  for (const { mailbox } of all) {
    const watch = { watchId: "topic", mailbox, createdAt: at(0), expiresAt: at(7 * DAY) };
    const renewed = firstMinute((minute) => isRenewed(watch, at(minute), DAY * MINUTE_MS));
    const listed = firstMinute((minute) => isRelisted(mailbox, start, at(minute).getTime()));
    units[renewed - 1] = (units[renewed - 1] ?? 0) + cost.renewal;
    units[listed - 1] = (units[listed - 1] ?? 0) + cost.listing;
  }
  return units;
}

/** The first minute of the day at whose end something is due. */
function firstMinute(isDue: (minute: number) => boolean): number {
  let [low, high] = [1, DAY];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isDue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

it("is counted with the prices of the sandbox, which stand in another place", () => {
  expect([CALLS["gmail.users.history.list"].units, CALLS["gmail.users.watch"].units]).toEqual([2, 100]);
});
