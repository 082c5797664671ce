import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { InboxItem, Store } from "../../src/core/store.ts";
import { openStore } from "../../src/store/store.ts";
import { DATABASES, newDatabase, type TestDatabase } from "../support/servers-databases.ts";
import { later, lease, NOON, sentMail, syncOf } from "../support/servers-samples.ts";

for (const { kind, title, missing } of DATABASES)
  describe.skipIf(missing)(`inbox on ${title}`, () => {
    let test: TestDatabase;
    let store: Store;

    beforeAll(async () => {
      test = await newDatabase(kind);
      store = openStore(test.database);
    });
    afterAll(() => test?.remove());
    beforeEach(() => test.database.pool.query("truncate postern.inbox"));

    const acceptOne = async (item = sentMail("m1")): Promise<string> => {
      const [id] = await store.inbox.accept([item], NOON);
      return id ?? expect.fail("nothing was accepted");
    };
    const stateOf = async (id: string): Promise<InboxItem["state"] | undefined> => {
      const { rows } = await test.database.pool.query<{ state: InboxItem["state"] }>(
        "select state from postern.inbox where id = $1",
        [id],
      );
      return rows[0]?.state;
    };

    it("accepts a batch once, however often it comes and however it overlaps", async () => {
      const first = await store.inbox.accept([sentMail("m1"), sentMail("m2"), sentMail("m1")], NOON);
      const second = await store.inbox.accept([sentMail("m2"), sentMail("m3")], later(1));
      expect(first).toHaveLength(2);
      expect(second).toHaveLength(2);
      expect(new Set([...first, ...second]).size).toBe(3);
      expect(await store.inbox.ledger({})).toMatchObject({ accepted: 3, pending: 3 });
    });

    it("accepts overlapping batches in any order at the same time without a deadlock", async () => {
      const items = Array.from({ length: 40 }, (_, index) => sentMail(`m${index}`));
      await Promise.all(
        Array.from({ length: 8 }, (_, turn) => store.inbox.accept(turn % 2 === 0 ? items : [...items].reverse(), NOON)),
      );
      expect(await store.inbox.ledger({})).toMatchObject({ accepted: 40, pending: 40 });
    });

    it("finds the item of a message at its stage, whatever became of it", async () => {
      const id = await acceptOne();
      const { tenantId, provider, mailbox } = sentMail("m1");
      const ref = { tenantId, provider, mailbox, messageId: "m1" };
      expect(await store.inbox.find(ref, "sent")).toMatchObject({ id, state: "pending" });
      await store.inbox.claim(id, lease("w"), NOON);
      await store.inbox.finish(id, "w", "skipped", "own-test", NOON);
      expect(await store.inbox.find(ref, "sent")).toMatchObject({ id, state: "skipped", reason: "own-test" });
      expect(await store.inbox.find(ref, "draft")).toBeUndefined();
      expect(await store.inbox.find({ ...ref, messageId: "m2" }, "sent")).toBeUndefined();
    });

    it("gives an item to exactly one of many workers", async () => {
      const id = await acceptOne();
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, index) => store.inbox.claim(id, lease(`w${index}`), NOON)),
      );
      expect(claims.filter((item) => item !== undefined)).toMatchObject([{ id, tries: 1, messageId: "m1" }]);
    });

    it("gives an item to another worker when the lease ran out, and then refuses the first one's writes", async () => {
      const id = await acceptOne();
      await store.inbox.claim(id, lease("slow", 10), NOON);
      expect(await store.inbox.claim(id, lease("quick"), later(9))).toBeUndefined();
      expect(await store.inbox.claim(id, lease("quick"), later(11))).toMatchObject({ tries: 2 });
      expect(await store.inbox.renew(id, lease("slow"))).toBe(false);
      expect(await store.inbox.finish(id, "slow", "verdict", null, later(12))).toBe(false);
      expect(await store.inbox.postpone(id, "slow", later(99), true, "X")).toBe(false);
      expect(await store.inbox.renew(id, lease("quick", 120))).toBe(true);
      expect(await store.inbox.finish(id, "quick", "verdict", null, later(13))).toBe(true);
      expect(await stateOf(id)).toBe("verdict");
    });

    it("counts only the attempts that are to be counted, and waits as long as it was told", async () => {
      const id = await acceptOne();
      await store.inbox.claim(id, lease("a"), NOON);
      await store.inbox.postpone(id, "a", later(30), true, "PROVIDER_REFUSED");
      expect(await store.inbox.claim(id, lease("b"), later(29))).toBeUndefined();
      expect(await store.inbox.due(later(29), 10)).toEqual([]);
      expect(await store.inbox.due(later(30), 10)).toMatchObject([{ id, attempts: 1, reason: "PROVIDER_REFUSED" }]);
      await store.inbox.claim(id, lease("b", 90), later(30));
      await store.inbox.postpone(id, "b", later(31), false, "PROVIDER_THROTTLED");
      expect(await store.inbox.due(later(31), 10)).toMatchObject([{ attempts: 1, tries: 2 }]);
    });

    it("lists what is due and free, oldest first", async () => {
      const [second] = await store.inbox.accept([sentMail("m2")], later(2));
      const [first] = await store.inbox.accept([sentMail("m1")], later(1));
      const [held] = await store.inbox.accept([sentMail("m0")], NOON);
      await store.inbox.claim(held ?? "", lease("a"), later(3));
      expect((await store.inbox.due(later(3), 10)).map((item) => item.id)).toEqual([first, second]);
      expect(await store.inbox.due(later(3), 1)).toHaveLength(1);
      await store.inbox.releaseAll();
      expect((await store.inbox.due(later(3), 10)).map((item) => item.id)).toEqual([held, first, second]);
    });

    it.each([
      ["a sent message with its verdict", sentMail("m1"), "verdict", false],
      ["a dead sent message", sentMail("m1"), "dead", false],
      ["a sent message that was missing", sentMail("m1"), "missing", true],
      ["a draft with its verdict", sentMail("m1", { stage: "draft" }), "verdict", true],
      ["a finished sync", syncOf("ann@corp.example"), "verdict", true],
    ] as const)("%s, accepted again, is pending: %#", async (_, item, outcome, reopens) => {
      const id = await acceptOne(item);
      await store.inbox.claim(id, lease("a"), NOON);
      await store.inbox.finish(id, "a", outcome, null, later(1));
      expect(await store.inbox.accept([item], later(2))).toEqual(reopens ? [id] : []);
      expect(await stateOf(id)).toBe(reopens ? "pending" : outcome);
      expect(await store.inbox.due(later(2), 5)).toHaveLength(reopens ? 1 : 0);
    });

    it.each([
      ["sync", syncOf("ann@corp.example")],
      ["draft", sentMail("m1", { stage: "draft" })],
    ] as const)("leaves a %s pending when more came while it was under way", async (_, item) => {
      const id = await acceptOne(item);
      await store.inbox.claim(id, lease("a"), NOON);
      await store.inbox.accept([item], later(1));
      expect(await store.inbox.finish(id, "a", "verdict", null, later(2))).toBe(true);
      expect(await store.inbox.claim(id, lease("b"), later(2))).toMatchObject({ state: "pending", tries: 1 });
      expect(await store.inbox.finish(id, "b", "verdict", null, later(3))).toBe(true);
      expect(await stateOf(id)).toBe("verdict");
    });

    it("lists the dead page by page and brings one back with its attempts reset", async () => {
      const items = await store.inbox.accept([sentMail("m1"), sentMail("m2"), sentMail("m3")], NOON);
      for (const id of items) {
        await store.inbox.claim(id, lease(id), NOON);
        await store.inbox.postpone(id, id, NOON, true, "X");
        await store.inbox.claim(id, lease(id), NOON);
        await store.inbox.finish(id, id, "dead", "CRASH", NOON);
      }
      const first = await store.inbox.dead({ limit: 2 });
      const second = await store.inbox.dead({ limit: 2, ...(first.next !== null && { cursor: first.next }) });
      const listed = [...first.items, ...second.items].map((item) => item.id);
      expect(listed).toHaveLength(3);
      expect(new Set(listed)).toEqual(new Set(items));
      expect(second.next).toBeNull();
      const [id = ""] = items;
      expect(await store.inbox.retryDead(id, later(5))).toBe(true);
      expect(await store.inbox.retryDead(id, later(5))).toBe(false);
      expect(await store.inbox.due(later(5), 5)).toMatchObject([{ id, attempts: 0, tries: 0, reason: null }]);
    });

    it("keeps a ledger that adds up", async () => {
      const outcomes = ["verdict", "verdict", "duplicate", "missing", "skipped", "dead"] as const;
      for (const [index, outcome] of outcomes.entries()) {
        const [id = ""] = await store.inbox.accept([sentMail(`m${index}`)], later(index));
        await store.inbox.claim(id, lease("a"), later(index));
        await store.inbox.finish(id, "a", outcome, null, later(index));
      }
      await store.inbox.accept([sentMail("m9", { tenantId: "t2" }), syncOf("ann@corp.example")], later(9));
      const all = await store.inbox.ledger({});
      expect(all).toEqual({ accepted: 7, verdicts: 2, pending: 1, dead: 1, missing: 1, skipped: 2 });
      expect(await store.inbox.ledger({ tenantId: "t2" })).toMatchObject({ accepted: 1, pending: 1 });
      expect(await store.inbox.ledger({ since: later(1), until: later(3) })).toMatchObject({ accepted: 2 });
    });

    it("stores ids that PostgreSQL's text cannot hold as they are", async () => {
      const id = await acceptOne(sentMail("a\0b\ud800"));
      expect(await store.inbox.claim(id, lease("a"), NOON)).toMatchObject({ messageId: "a\ufffdb\ufffd" });
    });
  });
