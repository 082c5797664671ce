import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openFairShares } from "../../../src/intake/fair-share.ts";

function sharesAt() {
  let now = 0;
  function pass(ms: number): void {
    now += ms;
  }
  return { shares: openFairShares(() => now), pass };
}

const item = (tenantId: string, mailbox: string) => ({ tenantId, mailbox });

describe("the order in which tenants and mailboxes are served", () => {
  it("puts a quiet tenant before the flood of another", () => {
    const { shares, pass } = sharesAt();
    const flood = Array.from({ length: 5_000 }, (_, index) => shares.rank(item("a", `user-${index % 5}`)));
    expect(flood.filter((rank) => rank === "live").length).toBe(60);
    for (let second = 0; second < 60; second += 2) {
      expect(shares.rank(item("b", "bob"))).toBe("live");
      pass(2_000);
    }
  });

  it("puts a quiet mailbox before the flood of its neighbour", () => {
    const { shares } = sharesAt();
    const flood = Array.from({ length: 500 }, () => shares.rank(item("a", "loud")));
    expect(flood.filter((rank) => rank === "live").length).toBe(20);
    expect(shares.rank(item("a", "quiet"))).toBe("live");
  });

  it("forgives with time, and never lets more through than the pace allows", () => {
    const waits = fc.array(fc.nat({ max: 3_000 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(waits, (pauses) => {
        const { shares, pass } = sharesAt();
        let elapsed = 0;
        let live = 0;
        for (const ms of pauses) {
          pass(ms);
          elapsed += ms;
          if (shares.rank(item("a", "ann")) === "live") live += 1;
        }
        expect(live).toBeLessThanOrEqual(20 + Math.ceil(elapsed / 1_000));
        pass(30_000);
        expect(shares.rank(item("a", "ann"))).toBe("live");
      }),
    );
  });
});
