import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { INSTALLATION, type Store } from "../../src/core/store.ts";
import { openStore } from "../../src/store/store.ts";
import { DATABASES, newDatabase, type TestDatabase } from "../support/servers-databases.ts";
import { later, NOON, scan } from "../support/servers-samples.ts";

const HOUR_S = 3_600;

for (const { kind, title, missing } of DATABASES)
  describe.skipIf(missing)(`rule guards, notices and policy changes on ${title}`, () => {
    let test: TestDatabase;
    let store: Store;
    let message: string;

    beforeAll(async () => {
      test = await newDatabase(kind);
      store = openStore(test.database);
      message = (await store.messages.record(scan("guarded"))).record.id;
    });
    afterAll(() => test?.remove());

    const admit = (rule: string, seconds: number, limit = 3) =>
      store.ruleGuards.admit([rule], limit, "t1", later(seconds));

    it("lets exactly so many messages pass, however many come at once, and trips once", async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => admit("busy", 0)));
      expect(answers.filter(({ paused }) => paused.length === 0)).toHaveLength(3);
      expect(answers.filter(({ tripped }) => tripped.length > 0)).toHaveLength(1);
      expect(await store.ruleGuards.pauses()).toEqual([{ rule: "busy", since: NOON, limit: 3 }]);
      const events = await store.events.list("t1", 0, 500);
      expect(events.filter((event) => event.body.change === "rule-paused")).toHaveLength(1);
    });

    it("stays paused after the hour, until somebody resumes it; the count begins anew", async () => {
      expect((await admit("busy", 2 * HOUR_S)).paused).toEqual(["busy"]);
      expect(await store.ruleGuards.resume("busy", "ann", later(2 * HOUR_S))).toBe(true);
      expect(await store.ruleGuards.resume("busy", "ann", later(2 * HOUR_S))).toBe(false);
      expect((await admit("busy", 2 * HOUR_S)).paused).toEqual([]);
      expect((await store.events.list(INSTALLATION, 0, 10)).map((event) => event.body)).toEqual([
        { change: "rule-resumed", by: "ann", rule: "busy" },
      ]);
    });

    it("counts the last hour only, and each rule by itself", async () => {
      for (const seconds of [0, 60, 120]) expect((await admit("slow", seconds)).paused).toEqual([]);
      expect((await admit("slow", HOUR_S + 60)).paused).toEqual([]);
      expect(await store.ruleGuards.admit(["slow", "other"], 3, "t1", later(HOUR_S + 60))).toEqual({
        paused: [],
        tripped: [],
      });
    });

    const claim = (id: string, seconds: number, person = "ann@corp.example") =>
      store.notices.claim(
        { actionId: id, tenantId: "t1", person, messageId: message, occasion: "warning" },
        2,
        later(seconds),
      );

    it("sends so many notices to a person in an hour and keeps the rest for one digest", async () => {
      const first = await Promise.all(["a", "b", "c", "d"].map((id) => claim(id, 0)));
      expect(first.toSorted((left, right) => (left < right ? -1 : 1))).toEqual(["send", "send", "wait", "wait"]);
      expect(await claim("e", 0, "bob@corp.example")).toBe("send");
      const again = await Promise.all(["a", "b", "c", "d"].map((id) => claim(id, 10)));
      expect(again).toEqual(first);
      expect(await store.notices.planDigests(later(HOUR_S - 1))).toEqual([]);
      // What comes before the digest was made waits for it too.
      expect(await claim("f", HOUR_S + 1)).toBe("wait");
      expect(await store.notices.planDigests(later(HOUR_S + 2))).toEqual([message]);
      expect(await store.notices.planDigests(later(HOUR_S + 2))).toEqual([]);
      const [digest] = await store.actions.forMessage(message);
      expect(digest).toMatchObject({
        kind: "notify",
        target: "ann@corp.example",
        state: "planned",
        input: { occasion: "digest" },
      });
      const told = await store.notices.inDigest(digest?.id ?? "");
      expect(told.map(({ actionId }) => actionId)).toHaveLength(3);
      expect(told.at(-1)).toMatchObject({ actionId: "f", messageId: message, occasion: "warning" });
      expect(await claim("g", HOUR_S + 3)).toBe("send");
    });

    it("makes no notice at all with a limit of none, and still a digest", async () => {
      const notice = {
        actionId: "z",
        tenantId: "t1",
        person: "zoe@corp.example",
        messageId: message,
        occasion: "block",
      };
      expect(await store.notices.claim(notice, 0, NOON)).toBe("wait");
      expect(await store.notices.planDigests(later(HOUR_S))).toEqual([message]);
    });

    it("saves a policy only while nobody else was faster, with its event", async () => {
      const revision = (name: string) =>
        ({ revision: name, source: name, format: "yaml", by: "ann", at: NOON }) as const;
      const save = (name: string, newestIsNot: string | undefined) =>
        store.policies.save(revision(name), { unless: { newestIsNot }, audit: { change: "policy-edited", name } });
      const race = await Promise.all(["a", "b", "c"].map((name) => save(name, undefined)));
      expect(race.filter(Boolean)).toHaveLength(1);
      const winner = (await store.policies.current())?.revision ?? "";
      expect(await save("d", "not-the-newest")).toBe(false);
      expect(await save("d", winner)).toBe(true);
      expect(await store.policies.find(winner)).toMatchObject({ revision: winner, source: winner });
      const [newest, before] = await store.policies.history(10);
      expect([newest?.revision, before?.revision]).toEqual(["d", winner]);
      expect(await store.policies.history(10, newest?.number)).toEqual([before]);
      const edits = (await store.events.list(INSTALLATION, 0, 50)).filter(
        ({ body }) => body.change === "policy-edited",
      );
      expect(edits.map(({ body }) => body.name)).toEqual([winner, "d"]);
      expect(await store.events.verify(INSTALLATION)).toMatchObject({ brokenAt: null });
    });

    it("keeps a simulation until it has ended and is old; the first end stands", async () => {
      const { simulations } = store;
      await simulations.create("s1", 7, NOON, NOON);
      expect(await simulations.beat("s1", 3, later(1))).toBe(true);
      expect(await simulations.get("s1")).toEqual({
        ...{ id: "s1", state: "running", reason: null, createdAt: NOON, beatAt: later(1), endedAt: null },
        ...{ done: 3, total: 7, result: null },
      });
      const ends = [{ state: "cancelled" } as const, { state: "done", result: { changed: [1] } } as const];
      const [cancelled, done] = await Promise.all(ends.map((end) => simulations.end("s1", end, later(2))));
      expect(cancelled).not.toBe(done);
      expect(await simulations.beat("s1", 4, later(3))).toBe(false);
      expect(await simulations.get("s1")).toMatchObject(
        done ? { state: "done", result: { changed: [1] } } : { state: "cancelled", result: null, endedAt: later(2) },
      );
      await simulations.create("s2", 1, later(HOUR_S), later(2));
      expect(await simulations.get("s1")).toBeUndefined();
      expect(await simulations.end("s2", { state: "failed", reason: "interrupted" }, later(HOUR_S))).toBe(true);
      expect(await simulations.get("s2")).toMatchObject({ state: "failed", reason: "interrupted" });
    });

    it("gives back the findings that were kept with records", async () => {
      const finding = {
        detector: "iban",
        part: "body",
        span: { start: 0, end: 4 },
        confidence: "high",
        score: 1,
        masked: "****",
        fingerprint: "ff",
        why: [],
      } as const;
      const { record } = await store.messages.record(scan("with-evidence", { evidence: [finding] }));
      const kept = await store.messages.evidence([record.id, message, "none"]);
      expect(kept.get(record.id)).toEqual([finding]);
      expect(kept.get(message)).toEqual([]);
      expect(kept.has("none")).toBe(false);
    });
  });
