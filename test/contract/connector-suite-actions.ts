import { describe, expect, it } from "vitest";
import type { ActionOutcome, PlannedAction } from "../../src/core/action.ts";
import type { MessageRef } from "../../src/core/message.ts";
import { anAction, type ConnectorHarness, sampleMail } from "./connector-harness.ts";

const DONE: ActionOutcome = { state: "done", reason: null };

/** The part of the suite that changes mailboxes: every action once, again, and against what is not there. */
export function runActionSuite(current: () => ConnectorHarness, refTo: (messageId: string) => MessageRef): void {
  describe("acting on sent mail", () => {
    const signal = new AbortController().signal;
    const internetMessageId = "<contract-act@client.example>";

    async function sendToBoth(): Promise<MessageRef> {
      const harness = current();
      const { sender, colleague, outsider } = harness.people;
      const mime = sampleMail(sender, [colleague, outsider], internetMessageId);
      return refTo((await harness.send(sender, mime)).messageId);
    }
    const perform = (ref: MessageRef, given: Partial<PlannedAction> & Pick<PlannedAction, "kind" | "target">) =>
      current().connector.perform(anAction(current(), ref, { internetMessageId, ...given }), signal);
    const seen = (address: string) => current().visibleCopies(address, internetMessageId);

    it("sets a label once, beside those that are there", async () => {
      const ref = await sendToBoth();
      const { sender } = current().people;
      const first = { name: "Postern: warned", color: "orange" } as const;
      const second = { name: "Postern: blocked", color: "red" } as const;
      for (const label of [first, second, first]) {
        expect(await perform(ref, { kind: "label", target: sender, label })).toMatchObject(DONE);
      }
      const labels = await current().labels(sender, internetMessageId);
      expect(new Set(labels)).toEqual(new Set([first.name, second.name]));
      expect(labels).toHaveLength(2);
    });

    it("quarantines the sender's copy, again without effect, and restores it where it was", async () => {
      const ref = await sendToBoth();
      const { sender, colleague } = current().people;
      const taken = await perform(ref, { kind: "quarantine", target: sender });
      expect(taken.state).toBe("done");
      expect(taken.copies).toHaveLength(1);
      expect(await seen(sender)).toBe(0);
      expect(await seen(colleague)).toBe(1);

      const again = await perform(ref, { kind: "quarantine", target: sender, attempts: 1 });
      expect(again.state).toBe("done");
      expect(again.copies).toHaveLength(1);

      const copies = taken.copies ?? [];
      for (const attempts of [0, 1]) {
        expect(await perform(ref, { kind: "restore", target: sender, copies, attempts })).toMatchObject(DONE);
        expect(await seen(sender)).toBe(1);
      }
    });

    it("takes a colleague's copy back, again without effect, and restores it", async () => {
      const ref = await sendToBoth();
      const { sender, colleague } = current().people;
      const taken = await perform(ref, { kind: "recall", target: colleague });
      expect(taken.state).toBe("done");
      expect(taken.copies).toMatchObject([{ mailbox: colleague }]);
      expect(await seen(colleague)).toBe(0);
      expect(await seen(sender)).toBe(1);
      expect(await perform(ref, { kind: "recall", target: colleague, attempts: 1 })).toMatchObject({ state: "done" });

      expect(await perform(ref, { kind: "restore", target: colleague, copies: taken.copies ?? [] })).toMatchObject(
        DONE,
      );
      expect(await seen(colleague)).toBe(1);
    });

    it("leaves the sent copy alone when the sender wrote to themselves too", async () => {
      const harness = current();
      const { sender, outsider } = harness.people;
      const sent = await harness.send(sender, sampleMail(sender, [sender, outsider], internetMessageId));
      const before = await seen(sender);
      const taken = await perform(refTo(sent.messageId), { kind: "recall", target: sender });
      // Where the provider keeps one message under two labels there is no second copy to take.
      if (before === 1) expect(taken.state).not.toBe("failed");
      else expect(await seen(sender)).toBe(1);
    });

    it("waits for a copy that has not arrived, and gives up in the end without calling it done", async () => {
      const ref = await sendToBoth();
      const { manager } = current().people;
      await expect(perform(ref, { kind: "recall", target: manager })).rejects.toMatchObject({
        code: "MESSAGE_NOT_FOUND",
        retry: { afterMs: expect.any(Number) },
      });
      const ended = await perform(ref, { kind: "recall", target: manager, attempts: 50 });
      expect(ended).toMatchObject({ reason: "not-found" });
      expect(ended.state).not.toBe("done");
    });

    it("says that an address outside the directory cannot be recalled from", async () => {
      const ref = await sendToBoth();
      const outcome = await perform(ref, { kind: "recall", target: current().people.outsider });
      expect(outcome).toMatchObject({ state: "not-possible", reason: "mailbox-not-found" });
    });

    it("recalls a copy once when the answer to the first try was lost", async (context) => {
      const { loseAnswer } = current();
      if (loseAnswer === undefined) return context.skip("this provider's sandbox cannot lose an answer on demand");
      const ref = await sendToBoth();
      const { colleague } = current().people;
      loseAnswer("quarantine");
      await expect(perform(ref, { kind: "recall", target: colleague })).rejects.toMatchObject({
        code: "PROVIDER_UNAVAILABLE",
      });
      const second = await perform(ref, { kind: "recall", target: colleague, attempts: 1 });
      expect(second).toMatchObject({ state: "done", copies: [{ mailbox: colleague }] });
      expect(await perform(ref, { kind: "restore", target: colleague, copies: second.copies ?? [] })).toMatchObject(
        DONE,
      );
      expect(await seen(colleague)).toBe(1);
    });

    it("purges a quarantined copy or says why it cannot", async () => {
      const ref = await sendToBoth();
      const { sender } = current().people;
      const { copies } = await perform(ref, { kind: "quarantine", target: sender });
      for (const attempts of [0, 1]) {
        const outcome = await perform(ref, { kind: "purge", target: sender, copies: copies ?? [], attempts });
        expect(["done", "not-possible"]).toContain(outcome.state);
        expect(await seen(sender)).toBe(0);
      }
    });

    it("sends a notice to each person once, also when it is tried again", async () => {
      const ref = await sendToBoth();
      const { manager } = current().people;
      const notice = {
        to: manager,
        subject: "A mail was blocked",
        text: "A mail was blocked.",
        html: "<p>A mail was blocked.</p>",
        headers: { "x-postern-notice": "contract-notice-1" },
      };
      for (const attempts of [0, 1]) {
        expect(await perform(ref, { kind: "notify", target: manager, notice, attempts })).toMatchObject(DONE);
        expect(await current().received(manager, "x-postern-notice", "contract-notice-1")).toBe(1);
      }
    });

    it("never sends a notice twice when it cannot see whether the first one left", async () => {
      const ref = await sendToBoth();
      const { outsider } = current().people;
      const notice = {
        to: outsider,
        subject: "A mail was blocked",
        text: "A mail was blocked.",
        html: "<p>A mail was blocked.</p>",
        headers: { "x-postern-notice": "contract-notice-2" },
      };
      const outcome = await perform(ref, { kind: "notify", target: outsider, notice, attempts: 1 });
      // A provider that keeps the notices it sent can tell; one that does not must not guess.
      if (outcome.state !== "done") expect(outcome).toMatchObject({ state: "failed", reason: "outcome-unknown" });
    });

    it("encrypts nothing that was sent already", async () => {
      const ref = await sendToBoth();
      expect(current().connector.can("sent").has("encrypt")).toBe(false);
      const outcome = await perform(ref, { kind: "encrypt", target: current().people.sender });
      expect(outcome.state).toBe("not-possible");
      expect(outcome.reason).not.toBeNull();
    });
  });
}
