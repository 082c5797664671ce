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

it("does not come for five thousand registrations of one moment in the same hour", () => {
  const due = Array.from({ length: 5_000 }, (_, index) => watch(`subscription-${index}`));
  const hours = Array.from({ length: 18 }, (_, hour) => at(0.4 + hour / 168));
  const counts = hours.map((hour) => due.filter((one) => isDue(one, hour)).length);
  const inOneHour = counts.map((count, hour) => count - (counts[hour - 1] ?? 0));
  expect(counts.at(-1)).toBe(5_000);
  expect(Math.max(...inOneHour)).toBeLessThan(450);
});
