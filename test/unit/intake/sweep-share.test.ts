import { expect, it } from "vitest";
import { sweepShare } from "../../../src/intake/sweep-share.ts";

const MINUTE_MS = 60_000;
const points = (count: number) => Array.from({ length: count }, (_, index) => ({ mailbox: `u${index}@corp.example` }));
const at = (minute: number) => new Date(Date.parse("2026-12-01T00:00:00Z") + minute * MINUTE_MS);

it("sweeps all mailboxes each time at a small customer and at Microsoft 365", () => {
  expect(sweepShare(points(1_000), "google", MINUTE_MS, at(0))).toHaveLength(1_000);
  expect(sweepShare(points(6), "google", 1_000, at(0))).toHaveLength(6);
  expect(sweepShare(points(5_000), "microsoft", MINUTE_MS, at(0))).toHaveLength(5_000);
});

it("sweeps a large customer's mailboxes in turns of about a thousand, and forgets none", () => {
  const all = points(5_000);
  const turns = [0, 1, 2, 3, 4].map((minute) => sweepShare(all, "google", MINUTE_MS, at(minute)));
  expect(new Set(turns.flat()).size).toBe(5_000);
  expect(turns.flat()).toHaveLength(5_000);
  expect(Math.max(...turns.map(({ length }) => length))).toBeLessThan(1_100);
});
