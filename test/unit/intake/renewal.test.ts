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

it("comes once a day where the provider asks for that, and not for all mailboxes of one topic at once", () => {
  const day = 86_400_000;
  const hour = (hours: number) => new Date(CREATED.getTime() + hours * 3_600_000);
  const all = Array.from({ length: 2_000 }, (_, index) => ({
    ...watch("topic"),
    mailbox: `user-${index}@corp.example`,
  }));
  const due = (at: Date) => all.filter((one) => isDue(one, at, day)).length;
  expect(due(hour(19))).toBe(0);
  expect(due(hour(24))).toBe(2_000);
  const perHour = [20, 21, 22, 23, 24].map((hours) => due(hour(hours)) - due(hour(hours - 1)));
  expect(Math.max(...perHour)).toBeLessThan(600);
});
