import { describe, expect, it } from "vitest";
import { PosternError } from "../../../src/core/errors.ts";
import type { Changes, ChangesRequest, MailConnector } from "../../../src/core/ports.ts";
import type { InboxItem, Lease, SyncPoint } from "../../../src/core/store.ts";
import { catchUp } from "../../../src/intake/catch-up.ts";

const BEGUN = new Date("2026-11-30T12:00:00Z");
const READ = new Date("2026-12-01T12:00:00Z");
const item = { tenantId: "t", mailbox: "ann@corp.example", stage: "sent", trigger: "notification" } as InboxItem;

/** A mailbox whose provider no longer knows any cursor (threat T-06). */
function forgetful(change: { readonly readBack?: () => Changes } = {}) {
  const state = { now: READ.getTime(), point: { ...item, cursor: "100", since: BEGUN, syncedAt: READ } as SyncPoint };
  const windows: Date[] = [];
  const leases = new Map<string, Lease>();
  const connector = {
    async changes({ cursor, since }: ChangesRequest) {
      if (cursor !== undefined) throw new PosternError("CURSOR_EXPIRED", "forgotten");
      windows.push(since);
      return change.readBack?.() ?? { messages: [], cursor: "5010" };
    },
  } as Partial<MailConnector> as MailConnector;
  const read = () =>
    catchUp(
      item,
      connector,
      {
        syncs: {
          get: async () => state.point,
          list: async () => [state.point],
          start: async () => undefined,
          save: async (point) => {
            state.point = point;
          },
        },
        events: {
          append: async (tenantId, kind, body, at) => ({ id: "e", tenantId, sequence: 1, at, kind, body, hash: "" }),
        },
        leases: {
          acquire: async (name, lease, now) => {
            const held = leases.get(name);
            if (held !== undefined && held.until > now && held.token !== lease.token) return false;
            leases.set(name, lease);
            return true;
          },
          release: async (name, token) => void (leases.get(name)?.token === token && leases.delete(name)),
        },
        acceptor: { accept: async () => undefined, rank: () => "live" },
        clock: { now: () => new Date(state.now) },
        logger: { debug() {}, info() {}, warn() {}, error() {} },
      },
      new AbortController().signal,
    );
  return { read, windows, state };
}

describe("a cursor that the provider forgot", () => {
  it("is replaced by reading back to the last good reading less an hour, not to the beginning", async () => {
    const { read, windows, state } = forgetful();
    await read();
    expect(windows).toEqual([new Date(READ.getTime() - 3_600_000)]);
    expect(state.point).toMatchObject({ cursor: "5010", syncedAt: READ });
  });

  it("leads to one reading back in ten minutes, however often it is refused", async () => {
    const { read, windows, state } = forgetful();
    await read();
    for (let turn = 0; turn < 1_000; turn += 1) {
      state.now += 500;
      await expect(read()).rejects.toMatchObject({ code: "PROVIDER_THROTTLED", counts: false });
    }
    expect(windows).toHaveLength(1);
    state.now = READ.getTime() + 600_001;
    await read();
    expect(windows).toHaveLength(2);
  });

  it("is read back again at once when the reading back failed", async () => {
    let failures = 1;
    const { read, windows } = forgetful({
      readBack: () => {
        failures -= 1;
        if (failures >= 0) throw new PosternError("PROVIDER_UNAVAILABLE", "away");
        return { messages: [], cursor: "5010" };
      },
    });
    await expect(read()).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    await read();
    expect(windows).toHaveLength(2);
  });
});
