import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PgliteEngine } from "../../../src/store/pglite-engine.ts";
import { shareSession } from "../../../src/store/pglite-pool.ts";

const session = () => shareSession({} as PgliteEngine);

describe("turns of the one session", () => {
  it("never overlap, and everybody gets one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 40 }), async (callers) => {
        const shared = session();
        let inside = 0;
        let served = 0;
        await Promise.all(
          callers.map(async (urgent) => {
            const endTurn = await shared.takeTurn(urgent);
            inside += 1;
            expect(inside).toBe(1);
            await Promise.resolve();
            inside -= 1;
            served += 1;
            endTurn();
          }),
        );
        expect(served).toBe(callers.length);
      }),
    );
  });

  it("go to urgent callers first, but every fifth to the others", async () => {
    const shared = session();
    const order: string[] = [];
    const endFirst = await shared.takeTurn();
    const call = (name: string, urgent: boolean) =>
      shared.takeTurn(urgent).then((endTurn) => {
        order.push(name);
        endTurn();
      });
    const all = [
      call("a", false),
      call("b", false),
      ...Array.from({ length: 9 }, (_, index) => call(`u${index + 1}`, true)),
    ];
    endFirst();
    await Promise.all(all);
    expect(order).toEqual(["u1", "u2", "u3", "u4", "a", "u5", "u6", "u7", "u8", "b", "u9"]);
  });
});
