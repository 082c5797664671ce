import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Delivery, Destination, OutBatch, OutRecord } from "../../../src/core/export.ts";
import { backOffMs } from "../../../src/export/back-off.ts";
import { type Delivered, deliver } from "../../../src/export/deliver.ts";
import { event } from "./sample-events.ts";

const FRAME = { prefix: "", suffix: "", delimiter: "", json: true, contentType: "text/plain", folder: "" };
const recordOf = (sequence: number, size: number): OutRecord => ({
  id: `event-${sequence}`,
  sequence,
  at: new Date(0),
  text: "x".repeat(size),
  severity: 1,
});

/** Delivers events 1 to n of the given sizes to a destination that a function is. */
async function run(
  sizes: readonly number[],
  answer: (records: readonly OutRecord[]) => Delivery,
  shortTo = 10,
): Promise<{ readonly result: Delivered; readonly taken: number[]; readonly sent: OutBatch[] }> {
  const [sent, taken]: [OutBatch[], number[]] = [[], []];
  const destination: Destination = {
    limits: {},
    send: (batch) => {
      sent.push(batch);
      const outcome = answer(batch.records);
      if (outcome.outcome === "accepted") taken.push(...batch.records.map(({ sequence }) => sequence));
      return Promise.resolve(outcome);
    },
    test: () => Promise.resolve({ outcome: "accepted" }),
    close: () => Promise.resolve(),
  };
  const items = sizes.map((size, index) => ({
    event: event("audit", {}, index + 1),
    records: [recordOf(index + 1, size)],
  }));
  const shortened = ({ sequence }: { readonly sequence: number }) => [recordOf(sequence, shortTo)];
  const result = await deliver(
    items,
    { destination, runId: "r", frame: FRAME, shortened },
    new AbortController().signal,
  );
  return { result, taken, sent };
}

const LIMIT = 1_000;
const strict =
  (poison: ReadonlySet<number>) =>
  (records: readonly OutRecord[]): Delivery => {
    if (records.reduce((sum, { text }) => sum + text.length, 0) > LIMIT)
      return { outcome: "too-large", reason: "status-413" };
    return records.some(({ sequence }) => poison.has(sequence))
      ? { outcome: "refused", reason: "status-400" }
      : { outcome: "accepted" };
  };

describe("delivering a batch", () => {
  it("gets 98 events, a shortened one and a parked one out of 100 in few requests", async () => {
    const sizes = Array.from({ length: 100 }, (_, index) => (index === 49 ? 1_500 : 9));
    const { result, taken, sent } = await run(sizes, strict(new Set([77])));
    expect(result).toMatchObject({ through: 100, trouble: null, parked: [{ sequence: 77, reason: "status-400" }] });
    expect(taken).toEqual(Array.from({ length: 100 }, (_, index) => index + 1).filter((sequence) => sequence !== 77));
    expect(sent.length).toBeLessThanOrEqual(60);
  });

  it("parks exactly what is refused and delivers all else in order, whatever is wrong with which", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ size: fc.integer({ min: 1, max: 1_500 }), bad: fc.boolean() }), {
          minLength: 1,
          maxLength: 30,
        }),
        async (events) => {
          const poison = new Set(events.flatMap(({ bad }, index) => (bad ? [index + 1] : [])));
          const { result, taken } = await run(
            events.map(({ size }) => size),
            strict(poison),
          );
          expect(taken).toEqual([...taken].sort((a, b) => a - b));
          if (result.trouble !== null) {
            // The destination took nothing before it refused too much: all is tried again.
            expect(taken).toEqual([]);
            return;
          }
          const parked = result.parked.map(({ sequence }) => sequence);
          expect(parked).toEqual([...poison]);
          expect([...taken, ...parked].sort((a, b) => a - b)).toEqual(events.map((_, index) => index + 1));
        },
      ),
    );
  });

  it("parks nothing while nothing is accepted, and stops asking", async () => {
    const { result, sent } = await run(
      Array.from({ length: 200 }, () => 1),
      () => ({ outcome: "refused", reason: "status-400" }),
    );
    expect(result).toMatchObject({ lines: 0, trouble: { reason: "status-400", refused: true } });
    expect(sent.length).toBeLessThan(30);
  });

  it("keeps what was accepted before trouble, so that it is not sent again", async () => {
    let calls = 0;
    const { result, taken } = await run([600, 600], () => {
      calls += 1;
      if (calls === 1) return { outcome: "too-large", reason: "status-413" };
      return calls === 2 ? { outcome: "accepted" } : { outcome: "retry", reason: "status-503", afterMs: 7_000 };
    });
    expect(taken).toEqual([1]);
    expect(result).toMatchObject({
      through: 1,
      lines: 1,
      trouble: { reason: "status-503", afterMs: 7_000, refused: false },
    });
  });

  it("gives the same events the same id, and others another", async () => {
    const accept = (): Delivery => ({ outcome: "accepted" });
    const [one, same, other] = [await run([1, 1], accept), await run([1, 1], accept), await run([1, 1, 1], accept)];
    expect(one.sent[0]?.id).toBe(same.sent[0]?.id);
    expect(one.sent[0]?.id).not.toBe(other.sent[0]?.id);
  });

  it("waits longer each time up to a minute, never shorter than asked, never for ever", () => {
    const waits = [1, 2, 3, 7, 50].map((failures) => backOffMs(failures, undefined, () => 1));
    expect(waits).toEqual([1_000, 2_000, 4_000, 60_000, 60_000]);
    expect(backOffMs(1, 7_000, () => 0)).toBe(7_000);
    expect(backOffMs(1, 86_400_000, () => 0)).toBe(300_000);
    expect(backOffMs(3, undefined, () => 0)).toBe(2_000);
  });
});
