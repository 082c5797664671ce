import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openConsentStates } from "../../../src/app/consent-state.ts";

const KEY = new Uint8Array(32).fill(7);
const QUESTION = { tenant: "t-1", directory: "0F0F0F0F-0000-4000-8000-000000000001" };

function statesAt(start: number) {
  let now = start;
  const used = new Set<string>();
  // The database's part, in small: the first who takes a name has it.
  const leases = { acquire: async (name: string) => !used.has(name) && used.add(name).has(name) };
  const states = openConsentStates(KEY, leases, { now: () => new Date(now) });
  function pass(ms: number): void {
    now += ms;
  }
  return { states, pass };
}

describe("the state of a consent question", () => {
  it("comes back as it was asked, for ten minutes", () => {
    const { states, pass } = statesAt(1_000);
    const state = states.issue(QUESTION);
    pass(10 * 60_000 - 1);
    expect(states.read(state)).toMatchObject({ tenant: "t-1", directory: QUESTION.directory.toLowerCase() });
    pass(1);
    expect(states.read(state)).toBeUndefined();
  });

  it("can be used once, and is another each time it is issued", async () => {
    const { states } = statesAt(0);
    const [one, other] = [states.issue(QUESTION), states.issue(QUESTION)];
    const nonce = states.read(one)?.nonce ?? "";
    expect(Buffer.from(nonce, "base64url").length).toBe(32);
    expect(await states.use(nonce)).toBe(true);
    expect(await states.use(nonce)).toBe(false);
    expect(await states.use(states.read(other)?.nonce ?? "")).toBe(true);
  });

  it("is refused when it was made with another key, or changed in any place", () => {
    const { states } = statesAt(0);
    const state = states.issue(QUESTION);
    const foreign = openConsentStates(new Uint8Array(32), { acquire: async () => true }, { now: () => new Date(0) });
    expect(foreign.read(state)).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(state.length - 1), fc.string({ minLength: 1, maxLength: 2 }), (at, text) => {
        const changed = `${state.slice(0, at)}${text}${state.slice(at + 1)}`;
        fc.pre(changed !== state);
        expect(states.read(changed)).toBeUndefined();
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => states.read(text) === undefined));
  });
});
