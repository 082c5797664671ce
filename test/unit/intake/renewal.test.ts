import fc from "fast-check";
import { expect, it } from "vitest";
import { isDue } from "../../../src/intake/subscriptions.ts";

const LIFE_MS = 7 * 86_400_000;
const CREATED = new Date("2026-11-30T00:00:00Z");

function watch(watchId: string) {
  return { watchId, createdAt: CREATED, expiresAt: new Date(CREATED.getTime() + LIFE_MS) };
}
const at = (part: number) => new Date(CREATED.getTime() + part * LIFE_MS);

it("is due between 40 and 50 percent of a registration's life, whatever its id", () => {
  fc.assert(
    fc.property(fc.string(), (id) => {
      expect(isDue(watch(id), at(0.4 - 0.001))).toBe(false);
      expect(isDue(watch(id), at(0.5))).toBe(true);
    }),
  );
});

it("does not come for five thousand registrations of one moment in the same three hours", () => {
  const due = Array.from({ length: 5_000 }, (_, index) => watch(`subscription-${index}`));
  const moments = Array.from({ length: 7 }, (_, index) => at(0.4 + (3 * index) / 168));
  const counts = moments.map((moment) => due.filter((one) => isDue(one, moment)).length);
  const inThreeHours = counts.map((count, index) => count - (counts[index - 1] ?? 0));
  expect(counts.at(-1)).toBe(5_000);
  expect(Math.max(...inThreeHours)).toBeLessThan(1_200);
});
