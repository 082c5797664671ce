import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Delivery, Destination } from "../../../src/core/export.ts";
import { deliver } from "../../../src/export/deliver.ts";
import { event } from "./sample-events.ts";

const FRAME = { prefix: "", suffix: "", delimiter: "", json: true, contentType: "text/plain", folder: "" };
/** A receiver takes so many characters at once. */
const MOST = 1_000;
const FEW_ATTEMPTS = 500;

/**
 * Delivers events of the given sizes, as a run does: after trouble from where it came to, the upload in doubt first.
 * The receiver keeps what it does not know the upload's id of; some of its answers are lost. Returns what it kept.
 */
async function deliverAll(sizes: readonly number[], poison: number, lost: readonly boolean[]): Promise<number[]> {
  const kept: number[] = [];
  const known = new Set<string>();
  let uploads = 0;
  const destination: Destination = {
    limits: {},
    send({ id, records }): Promise<Delivery> {
      if (records.reduce((sum, { text }) => sum + text.length, 0) > MOST)
        return Promise.resolve({ outcome: "too-large", reason: "status-413" });
      if (records.some(({ sequence }) => sequence === poison))
        return Promise.resolve({ outcome: "refused", reason: "status-400" });
      if (!known.has(id)) kept.push(...records.map(({ sequence }) => sequence));
      known.add(id);
      uploads += 1;
      return Promise.resolve(
        lost[uploads % lost.length] === true && uploads < FEW_ATTEMPTS
          ? { outcome: "retry", reason: "reset" }
          : { outcome: "accepted" },
      );
    },
    test: () => Promise.resolve({ outcome: "accepted" }),
    close: () => Promise.resolve(),
  };
  const items = sizes.map((size, index) => {
    const sequence = index + 1;
    const record = { id: `event-${sequence}`, sequence, at: new Date(0), text: "x".repeat(size), severity: 1 };
    return { event: event("audit", {}, sequence), records: [record] };
  });
  const tools = { destination, runId: "r", frame: FRAME, shortened: () => [] };
  let [from, end] = [0, items.length];
  while (from < items.length) {
    const batch = items.slice(from, end);
    const { trouble, lines, through, pending } = await deliver(batch, tools, new AbortController().signal);
    // The batch is tried again as it was, unless something of it was taken.
    if (trouble === null || trouble.refused) [from, end] = [end, items.length];
    else if (lines > 0 && through !== null) [from, end] = [through, pending ?? end];
  }
  return kept;
}

describe("delivering again after answers were lost", () => {
  it("leaves each event once with a receiver that goes by the ids of uploads, wherever the bad event stands", async () => {
    const sizes = fc.array(fc.integer({ min: 10, max: 400 }), { minLength: 2, maxLength: 30 });
    const lost = fc.array(fc.boolean(), { minLength: 3, maxLength: 12 }).map((answers) => [...answers, false]);
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 30 }), lost, async (chosen, poison, answers) => {
        const kept = await deliverAll(chosen, poison, answers);
        const wanted = chosen.map((_size, index) => index + 1).filter((sequence) => sequence !== poison);
        expect(kept.sort((a, b) => a - b)).toEqual(wanted);
      }),
      { numRuns: 500 },
    );
  });
});
