import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GoogleFlow, startGoogleFlow } from "../support/google-service.ts";
import { DOMAIN } from "../support/microsoft-service.ts";
import { until } from "../support/until.ts";
import { ann, bob, CARD, CODE_NAME, carl, dora, idOf, mail, policyWith } from "./mail.ts";
import {
  allRecords,
  closedLedger,
  connect,
  finished,
  finishedOne,
  notices,
  PATIENCE_MS,
  recordsOf,
  START_MS,
} from "./watching.ts";

const DAY_MS = 86_400_000;

describe("what Gmail tells late, twice or never", { timeout: 2 * PATIENCE_MS }, () => {
  let flow: GoogleFlow;
  beforeAll(async () => {
    flow = await startGoogleFlow({ POSTERN_CATCH_UP_SECONDS: "1" });
    await connect(flow.api, flow.settings(), policyWith());
    await until("watches", () => [ann, bob, carl, dora].every((address) => flow.sandbox.watchOf(address)), PATIENCE_MS);
  }, START_MS);
  afterAll(() => flow.close());

  const send = async (from: string, subjects: readonly string[], text = "hello") => {
    for (const subject of subjects) await flow.sandbox.send(from, mail(subject, { from, text }));
  };
  const numbered = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}-${index}`);

  it("catches up with all mail while nothing is published at all", async () => {
    flow.sandbox.notifications.settings.off = true;
    const subjects = numbered("unannounced", 6);
    await send(ann, subjects.slice(0, 3), CODE_NAME);
    await send(bob, subjects.slice(3));
    for (const subject of subjects) expect((await finishedOne(flow.api, subject)).trigger).toBe("catch-up");
    flow.sandbox.notifications.settings.off = false;
  });

  it("reads back from the last good reading when the history was forgotten", async () => {
    flow.sandbox.notifications.settings.off = true;
    const told = notices(flow.sandbox.messages(ann)).length;
    await closedLedger(flow.api, 6);
    await send(ann, numbered("gap", 7), CODE_NAME);
    flow.sandbox.expireHistory(ann);
    for (const subject of numbered("gap", 7)) await finishedOne(flow.api, subject);
    flow.sandbox.notifications.settings.off = false;
    expect(notices(flow.sandbox.messages(ann)).length).toBe(told + 7);
    const { body } = await flow.api.request("GET", "/api/v1/tenants");
    expect((body.items as { state: string }[]).map(({ state }) => state)).toEqual(["active"]);
  });

  it("follows all pages of the history", async () => {
    // Gmail's largest page has 500 records; drafts saved again and again fill it.
    flow.sandbox.notifications.hold();
    const draft = flow.sandbox.saveDraft(carl, mail("autosaved", { from: carl, text: "v0" }));
    for (let version = 1; version <= 300; version++)
      flow.sandbox.saveDraft(carl, mail("autosaved", { from: carl, text: `v${version}` }), { draftId: draft.draftId });
    await send(carl, ["behind-the-drafts"], CODE_NAME);
    flow.sandbox.notifications.flush();
    expect((await finishedOne(flow.api, "behind-the-drafts")).verdict).toBe("warn");
    expect(await recordsOf(flow.api, "autosaved")).toEqual([]);
    const { dead, missing } = await closedLedger(flow.api, 1);
    expect({ dead, missing }).toEqual({ dead: 0, missing: 0 });
  });

  it("records each mail once when pushes are repeated, out of order and stale", async () => {
    flow.sandbox.notifications.settings.copies = 5;
    flow.sandbox.notifications.hold();
    const stale = flow.sandbox.historyId(dora);
    await send(dora, numbered("shuffled", 3));
    flow.sandbox.notifications.flush("reversed");
    flow.sandbox.notifications.publish(dora, stale);
    for (const subject of numbered("shuffled", 3)) await finishedOne(flow.api, subject);
    flow.sandbox.notifications.settings.copies = 1;
    await send(dora, ["after-stale"]);
    await finishedOne(flow.api, "after-stale");
    expect((await allRecords(flow.api)).filter(({ mailbox }) => mailbox === dora)).toHaveLength(4);
  });

  it("waits for an index that lags behind its own history id", async () => {
    flow.sandbox.lag.begin("history", { calls: 3, cursor: "head" });
    await send(bob, ["lagging"], CODE_NAME);
    expect((await finishedOne(flow.api, "lagging")).verdict).toBe("warn");
  });

  it("waits for a mail that cannot be read by its id yet", async () => {
    flow.sandbox.lag.begin("get", { calls: 1 });
    await send(ann, ["not-yet"], CARD);
    expect((await finishedOne(flow.api, "not-yet")).verdict).toBe("block");
    expect((await closedLedger(flow.api, 1)).missing).toBe(0);
  });

  it("records what several people sent under one Message-ID, and a reused one with other content", async () => {
    await flow.sandbox.send(ann, mail("same", { text: "see you at noon" }));
    await flow.sandbox.send(ann, mail("same", { text: CARD }));
    await flow.sandbox.send(bob, mail("same", { from: bob, text: "see you at noon" }));
    const records = await finished(flow.api, "same", 3);
    expect(records.map(({ mailbox, verdict }) => `${mailbox} ${verdict}`).sort()).toEqual([
      `${ann} allow`,
      `${ann} block`,
      `${bob} allow`,
    ]);
  });

  it("neither records nor tells again what comes back under a new id", async () => {
    await send(ann, ["restored"], CODE_NAME);
    const record = await finishedOne(flow.api, "restored");
    const { accepted } = await closedLedger(flow.api, 1);
    flow.sandbox.deposit(ann, mail("restored", { text: CODE_NAME }), { labels: ["SENT"] });
    await closedLedger(flow.api, accepted + 1);
    expect((await finishedOne(flow.api, "restored")).id).toBe(record.id);
    expect(notices(flow.sandbox.messages(ann), record.id)).toHaveLength(1);
  });

  it("records a sent draft once, whether it is added or relabelled", async () => {
    await flow.sandbox.send(ann, mail("relabelled", { text: CODE_NAME }), { appears: "relabelled" });
    expect((await finishedOne(flow.api, "relabelled")).stage).toBe("sent");
    expect(flow.sandbox.messages(ann).filter((copy) => copy.internetMessageId === idOf("relabelled"))).toHaveLength(1);
  });

  it("watches who is new, leaves who is suspended, and reads on when they are back", async () => {
    const erin = `erin@${DOMAIN}`;
    const chosen = async () => {
      const { body } = await flow.api.request("GET", "/api/v1/coverage");
      return (body.items as readonly { readonly mailboxes: { readonly chosen: number } }[])[0]?.mailboxes.chosen ?? 0;
    };
    const before = await chosen();
    flow.sandbox.addUser({ address: erin, name: "erin" });
    await until("a watch of the newcomer", () => flow.sandbox.watchOf(erin) !== null, PATIENCE_MS);
    await send(erin, ["newcomer"], CODE_NAME);
    expect((await finishedOne(flow.api, "newcomer")).verdict).toBe("warn");
    flow.sandbox.updateUser(erin, { suspended: true });
    await until("one mailbox less", async () => (await chosen()) === before, PATIENCE_MS);
    flow.sandbox.updateUser(erin, { suspended: false });
    await send(erin, ["returned"], CODE_NAME);
    expect((await finishedOne(flow.api, "returned")).verdict).toBe("warn");
    expect((await closedLedger(flow.api, 1)).dead).toBe(0);
  });

  it("watches again after a day, and after the watch and its subscription were lost", async () => {
    flow.sandbox.expireWatch(carl);
    await flow.restart({ POSTERN_CATCH_UP_SECONDS: "86400", POSTERN_TEST_CLOCK_OFFSET_MS: `${4 * DAY_MS}` });
    await until("the watch", () => flow.sandbox.watchOf(carl) !== null, PATIENCE_MS);
    await expectNotified(carl, "watched-again");
    flow.sandbox.notifications.expireSubscription();
    const stands = () => {
      try {
        return flow.sandbox.notifications.backlog().waiting === 0;
      } catch {
        return false;
      }
    };
    await until("the subscription again", stands, PATIENCE_MS);
    await expectNotified(dora, "subscribed-again");
  });

  /** The sweep at the start may be first with one mail; the next sweep is a day away. */
  async function expectNotified(sender: string, name: string): Promise<void> {
    const triggers: string[] = [];
    for (const subject of [`${name}-1`, `${name}-2`, `${name}-3`]) {
      await send(sender, [subject]);
      triggers.push((await finishedOne(flow.api, subject)).trigger);
      if (triggers.at(-1) === "notification") return;
    }
    expect(triggers).toContain("notification");
  }
});
