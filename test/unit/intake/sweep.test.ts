import { describe, expect, it } from "vitest";
import type { Queue } from "../../../src/core/ports.ts";
import type { InboxItem } from "../../../src/core/store.ts";
import type { WakeUp } from "../../../src/intake/acceptor.ts";
import { openSweep } from "../../../src/intake/sweep.ts";

const START = Date.parse("2026-11-30T12:00:00Z");

function setUp() {
  const woken: string[] = [];
  const state = {
    now: START,
    due: [] as Pick<InboxItem, "id" | "tries" | "kind">[],
    actions: [] as string[],
    down: false,
  };
  const queue = (name: string) =>
    ({
      async addMany(jobs: readonly { readonly job: WakeUp }[]) {
        if (state.down && jobs.length > 0) throw new Error("the queue is away");
        woken.push(...jobs.map(({ job }) => `${name} ${job.id}`));
      },
    }) as unknown as Queue<WakeUp>;
  const sweep = openSweep({
    inbox: { due: async () => state.due as InboxItem[] },
    actions: { due: async () => state.actions },
    acceptor: { rank: () => "live" },
    queues: { scans: queue("scan"), syncs: queue("sync"), acts: queue("act") },
    clock: { now: () => new Date(state.now) },
  });
  const sweepAt = async (seconds: number): Promise<readonly string[]> => {
    state.now = START + seconds * 1_000;
    await sweep();
    return woken.splice(0);
  };
  return { state, sweepAt };
}

describe("the sweep", () => {
  it("wakes what is due once, and again only in case the queue lost it", async () => {
    const { state, sweepAt } = setUp();
    state.due = [
      { id: "m", tries: 0, kind: "message" },
      { id: "s", tries: 0, kind: "sync" },
    ];
    state.actions = ["r"];
    expect(await sweepAt(0)).toEqual(["scan m", "sync s", "act r"]);
    expect(await sweepAt(2)).toEqual([]);
    expect(await sweepAt(18)).toEqual([]);
    expect(await sweepAt(20)).toEqual(["scan m", "sync s", "act r"]);
    expect(await sweepAt(22)).toEqual([]);
  });

  it("wakes each later try at once", async () => {
    const { state, sweepAt } = setUp();
    state.due = [{ id: "m", tries: 0, kind: "message" }];
    expect(await sweepAt(0)).toEqual(["scan m"]);
    state.due = [{ id: "m", tries: 1, kind: "message" }];
    expect(await sweepAt(2)).toEqual(["scan m"]);
  });

  it("says everything again after the queue was away", async () => {
    const { state, sweepAt } = setUp();
    state.due = [{ id: "m", tries: 0, kind: "message" }];
    state.down = true;
    await expect(sweepAt(0)).rejects.toThrow("away");
    state.down = false;
    expect(await sweepAt(2)).toEqual(["scan m"]);
  });
});
