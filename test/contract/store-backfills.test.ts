import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Backfill, BackfillOutcome, BackfillTurn } from "../../src/core/backfill.ts";
import type { NewAction } from "../../src/core/records.ts";
import type { Store } from "../../src/core/store.ts";
import { openStore } from "../../src/store/store.ts";
import { DATABASES, newDatabase, type TestDatabase } from "../support/servers-databases.ts";
import { later, lease, NOON, scan } from "../support/servers-samples.ts";

const [ann, bob] = ["ann@corp.example", "bob@corp.example"];
const UNTIL = later(0);
const SINCE = later(-86_400);
const NOTHING = { listed: 0, scanned: 0, already: 0, skipped: 0, failed: 0, findings: 0, incidents: 0 };

for (const { kind, title, missing } of DATABASES)
  describe.skipIf(missing)(`backfills on ${title}`, () => {
    let test: TestDatabase;
    let store: Store;
    beforeAll(async () => {
      test = await newDatabase(kind);
      store = openStore(test.database);
    });
    afterAll(() => test?.remove());

    const create = (mailboxes: readonly string[], tenantId = "t1", now = NOON) =>
      store.backfills.create({ tenantId, since: SINCE, until: UNTIL, act: false, again: false }, mailboxes, now);
    const cancel = ({ id }: Backfill) => store.backfills.change(id, ["running", "paused"], "cancelled", null, later(1));
    const claim = (token: string, seconds = 0) => store.backfills.claim(lease(token, seconds + 60), later(seconds));
    const claimed = async (token: string, seconds = 0): Promise<BackfillTurn> => {
      const turn = await claim(token, seconds);
      if (!turn) throw new Error("nothing was due");
      return turn;
    };
    const finish = (turn: BackfillTurn, token: string, id: string, outcome: BackfillOutcome) =>
      store.backfills.finish(turn, token, id, outcome, NOON);
    const endTurn = (turn: BackfillTurn, token: string, reason: string | null = null, until = NOON) =>
      store.backfills.endTurn(turn, token, { kind: "waits", until, reason }, NOON);

    it("goes from listing over scanning to done, and counts each message once", async () => {
      const made = await create([ann]);
      expect(made).toMatchObject({ state: "running", mailboxes: { total: 1, listed: 0, done: 0 }, counts: NOTHING });
      const turn = await claimed("a");
      expect(turn).toMatchObject({ mailbox: ann, listedTo: SINCE, attempts: 0, backfill: { id: made.id } });
      expect(await store.backfills.addListed(turn, "a", ["m1", "m2", "m3"], later(-3_600))).toBe(true);
      // The edge of two spans: what both hold is one message.
      expect(await store.backfills.addListed(turn, "a", ["m3", "m4"], UNTIL)).toBe(true);
      expect((await store.backfills.waiting(turn, 2, NOON)).map(({ messageId }) => messageId)).toEqual(["m1", "m2"]);
      expect(await finish(turn, "a", "m1", { kind: "scanned", findings: 2, incident: true })).toBe(true);
      expect(await finish(turn, "a", "m1", { kind: "scanned", findings: 2, incident: true })).toBe(true);
      expect(await finish(turn, "a", "m2", { kind: "already" })).toBe(true);
      expect(await finish(turn, "a", "m3", { kind: "skipped", reason: "own-notice" })).toBe(true);
      await endTurn(turn, "a");
      expect(await store.backfills.get(made.id)).toMatchObject({
        state: "running",
        mailboxes: { listed: 1, done: 0 },
        counts: { ...NOTHING, listed: 4, scanned: 1, already: 1, skipped: 1, findings: 2, incidents: 1 },
      });
      const last = await claimed("b");
      expect(await finish(last, "b", "m4", { kind: "failed", reason: "provider-refused" })).toBe(true);
      await endTurn(last, "b");
      expect(await store.backfills.get(made.id)).toMatchObject({
        state: "done",
        endedAt: NOON,
        mailboxes: { done: 1 },
      });
      const failures = await store.backfills.failures(made.id, { limit: 10 });
      expect(failures.items).toEqual([{ mailbox: ann, messageId: "m4", reason: "provider-refused", at: NOON }]);
      expect(await claim("c")).toBeUndefined();
    });

    it("gives each mailbox to one worker, and to another only after its lease ran out", async () => {
      const made = await create([ann, bob]);
      const turns = await Promise.all(["a", "b", "c"].map((token) => claim(token)));
      const given = turns.flatMap((turn) => turn?.mailbox ?? []);
      expect({ given: new Set(given), turns: given.length }).toEqual({ given: new Set([ann, bob]), turns: 2 });
      const lost = turns.find((turn) => turn?.mailbox === ann) as BackfillTurn;
      const token = ["a", "b", "c"][turns.indexOf(lost)] ?? "";
      expect(await store.backfills.renew(lost, lease(token, 30))).toBe(true);
      const next = await claimed("d", 31);
      expect(next.mailbox).toBe(ann);
      expect(await store.backfills.renew(lost, lease(token, 90))).toBe(false);
      expect(await store.backfills.addListed(lost, token, ["x"], UNTIL)).toBe(false);
      await store.backfills.addListed(next, "d", ["x"], UNTIL);
      expect(await finish(lost, token, "x", { kind: "already" })).toBe(false);
      expect(await store.backfills.postpone(lost, token, "x", NOON, "late")).toBe(false);
      await endTurn(lost, token);
      expect((await store.backfills.waiting(next, 5, NOON)).map(({ messageId }) => messageId)).toEqual(["x"]);
      await cancel(made);
      await store.backfills.releaseAll();
    });

    it("takes turns between backfills, so that a large one does not keep a small one waiting", async () => {
      const large = await create([ann, bob, "carl@corp.example"]);
      const small = await create([ann], "t2", later(1));
      const order: string[] = [];
      for (const [index, token] of ["a", "b", "c", "d"].entries())
        order.push((await claimed(token, index + 2)).backfill.tenantId);
      expect(order).toEqual(["t1", "t2", "t1", "t1"]);
      await cancel(large);
      await cancel(small);
      await store.backfills.releaseAll();
    });

    it("pauses, resumes and cancels; a worker hears of it with its next message", async () => {
      const made = await create([ann]);
      const turn = await claimed("a");
      await store.backfills.addListed(turn, "a", ["m1", "m2"], UNTIL);
      expect(await store.backfills.change(made.id, ["running"], "paused", null, NOON)).toBe(true);
      expect(await store.backfills.change(made.id, ["running"], "paused", null, NOON)).toBe(false);
      expect(await finish(turn, "a", "m1", { kind: "already" })).toBe(false);
      await endTurn(turn, "a");
      expect(await claim("b")).toBeUndefined();
      expect(await store.backfills.change(made.id, ["paused"], "running", null, NOON)).toBe(true);
      const resumed = await claimed("c");
      expect((await store.backfills.waiting(resumed, 5, NOON)).map(({ messageId }) => messageId)).toEqual(["m2"]);
      expect(await cancel(made)).toBe(true);
      await endTurn(resumed, "c");
      expect(await store.backfills.get(made.id)).toMatchObject({
        state: "cancelled",
        endedAt: later(1),
        counts: { listed: 2, already: 1 },
      });
      expect(await store.backfills.waiting(resumed, 5, NOON)).toEqual([]);
      expect(await store.backfills.change(made.id, ["paused"], "running", null, NOON)).toBe(false);
    });

    it("comes back to a mailbox and a message when it was told to, and gives a mailbox up with what waits there", async () => {
      const made = await create([ann]);
      const first = await claimed("a");
      await endTurn(first, "a", "provider-throttled", later(10));
      expect(await claim("b", 9)).toBeUndefined();
      const second = await claimed("b", 10);
      expect(second.attempts).toBe(1);
      await store.backfills.addListed(second, "b", ["m1", "m2"], UNTIL);
      for (const id of ["m1", "m2"])
        expect(await store.backfills.postpone(second, "b", id, later(100), "provider-unavailable")).toBe(true);
      await endTurn(second, "b");
      expect(await claim("c", 99)).toBeUndefined();
      const third = await claimed("c", 100);
      expect(await store.backfills.waiting(third, 5, later(100))).toEqual([
        { messageId: "m1", attempts: 1 },
        { messageId: "m2", attempts: 1 },
      ]);
      expect(third.attempts).toBe(0);
      await store.backfills.endTurn(third, "c", { kind: "failed", reason: "mailbox-unavailable" }, later(100));
      expect(await store.backfills.get(made.id)).toMatchObject({
        state: "done",
        mailboxes: { failed: 1, done: 0 },
        counts: { listed: 2, failed: 2 },
      });
      const { items } = await store.backfills.mailboxes(made.id, { limit: 10 });
      expect(items).toMatchObject([{ mailbox: ann, state: "failed", reason: "mailbox-unavailable" }]);
    });

    it("lists backfills newest first, by tenant and state, in pages", async () => {
      const tenant = `t-${kind}-list`;
      const made = [await create([ann], tenant), await create([ann], tenant), await create([ann], tenant)];
      await cancel(made[1] as Backfill);
      const first = await store.backfills.list({ tenant }, { limit: 2 });
      const second = await store.backfills.list({ tenant }, { limit: 2, cursor: first.next ?? "" });
      const ids = [...first.items, ...second.items].map(({ id }) => id);
      expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? 1 : -1)));
      expect(new Set(ids)).toEqual(new Set(made.map(({ id }) => id)));
      expect(second.next).toBeNull();
      const cancelled = await store.backfills.list({ tenant, state: "cancelled" }, { limit: 5 });
      expect(cancelled.items.map(({ id }) => id)).toEqual([made[1]?.id]);
      for (const one of made) await cancel(one);
    });

    const ref = (id: string) => scan(id).record.ref;
    const dry = { act: false, again: false };
    const record = (id: string, change: Parameters<typeof scan>[1] = {}) => store.messages.record(scan(id, change));
    const unasked = (id: string): NewAction => ({
      ...{ id, kind: "quarantine", target: ann, step: 1, input: {} },
      ...{ state: "not-possible", reason: "not-asked" },
    });

    it("leaves mail alone that has its record, but what was not acted on is still to be acted on", async () => {
      await record("dry", { past: dry, actions: [unasked("dry-1")], of: { trigger: "backfill" } });
      const revision = { policyRevision: "0123456789abcdef" };
      expect(await store.messages.isKnown(ref("dry"), "sent", { ...dry, ...revision })).toBe(true);
      expect(await store.messages.isKnown(ref("dry"), "sent", { act: true, again: false, ...revision })).toBe(false);
      expect(await store.messages.isKnown(ref("dry"), "sent")).toBe(false);
      expect((await record("dry", { past: dry, of: { trigger: "backfill" } })).created).toBe(false);
      const acting = { past: { act: true, again: false }, of: { trigger: "backfill" } } as const;
      expect((await record("dry", acting)).created).toBe(true);
      expect((await record("dry", acting)).created).toBe(false);
      expect((await record("dry")).created).toBe(false);
      expect(await store.messages.isKnown(ref("dry"), "sent")).toBe(true);
      const turn = { backfill: { id: "b", tenantId: "t1", since: SINCE, until: UNTIL, createdAt: NOON, ...dry } };
      const own = await store.backfills.ownRecord({ ...turn, mailbox: ann, listedTo: UNTIL, attempts: 0 }, "id-of-dry");
      expect(own).toMatchObject({ findings: 1, incident: true });
    });

    it("decides again under another policy revision once, and not what is held", async () => {
      const again = { past: { act: false, again: true } };
      const under = (policyRevision: string) => ({ ...again, of: { policyRevision } });
      await record("old", { of: { verdict: "allow" } });
      const known = (policyRevision: string) =>
        store.messages.isKnown(ref("old"), "sent", { ...again.past, policyRevision });
      expect([await known("0123456789abcdef"), await known("new")]).toEqual([true, false]);
      expect((await record("old", under("0123456789abcdef"))).created).toBe(false);
      expect((await record("old", under("new"))).created).toBe(true);
      expect((await record("old", under("new"))).created).toBe(false);
      expect(await known("new")).toBe(true);
      const quarantine = { vaultKey: "k", sha256: "00", expiresAt: later(1), final: false };
      await record("held", { quarantine });
      expect((await record("held", under("new"))).created).toBe(false);
    });
  });
