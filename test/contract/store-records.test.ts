import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../src/core/store.ts";
import { openStore } from "../../src/store/store.ts";
import { DATABASES, newDatabase, type TestDatabase } from "../support/servers-databases.ts";
import { HELD, label, later, lease, NOON, scan } from "../support/servers-samples.ts";

for (const { kind, title, missing } of DATABASES)
  describe.skipIf(missing)(`records on ${title}`, () => {
    let test: TestDatabase;
    let store: Store;

    beforeAll(async () => {
      test = await newDatabase(kind);
      store = openStore(test.database);
    });
    afterAll(() => test?.remove());
    beforeEach(() =>
      test.database.pool.query("truncate postern.messages, postern.events, postern.event_heads cascade"),
    );

    const events = () => store.events.list("t1", 0, 100);

    it("writes record, actions, quarantine item and events together", async () => {
      const impossible = label("a2", { kind: "recall", step: 1, state: "not-possible", reason: "external-recipient" });
      const { created, record } = await store.messages.record(
        scan("one", { quarantine: HELD, actions: [label("a1"), impossible] }),
      );
      expect(created).toBe(true);
      expect(await store.messages.get(record.id)).toEqual(record);
      expect(record.actions).toMatchObject([
        { id: "a1", state: "planned", attempts: 0 },
        { id: "a2", state: "not-possible", reason: "external-recipient" },
      ]);
      expect(await store.quarantine.forMessage(record.id)).toMatchObject({
        ...HELD,
        incident: record.id,
        state: "held",
        recipients: ["bob@out.example"],
        history: [{ state: "held", by: "system", at: NOON, reason: null }],
      });
      expect((await events()).map((event) => [event.sequence, event.kind])).toEqual([
        [1, "verdict"],
        [2, "quarantine"],
        [3, "action"],
      ]);
    });

    it("records a mail once when many workers finish it together", async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          store.messages.record(
            scan("one", {
              actions: [label(`a${index}`)],
              of: { ref: { ...scan("one").record.ref, messageId: `moved-${index}` } },
            }),
          ),
        ),
      );
      expect(answers.filter((answer) => answer.created)).toHaveLength(1);
      expect(new Set(answers.map((answer) => answer.record.id)).size).toBe(1);
      expect((await events()).filter((event) => event.kind === "verdict")).toHaveLength(1);
      expect((await store.messages.list({}, { limit: 10 })).items).toMatchObject([{ actions: [{}] }]);
    });

    it("knows a sent message under the provider id it was met with last", async () => {
      const first = scan("one").record.ref;
      const moved = { ...first, messageId: "moved" };
      await store.messages.record(scan("one"));
      expect(await store.messages.isKnown(first, "sent")).toBe(true);
      expect(await store.messages.isKnown(first, "draft")).toBe(false);
      expect((await store.messages.record(scan("one", { of: { ref: moved } }))).created).toBe(false);
      expect(await store.messages.isKnown(moved, "sent")).toBe(true);
    });

    it("leaves nothing behind when a part of the record cannot be written", async () => {
      const broken = scan("one", { quarantine: HELD, actions: [label("a1", { step: Number.NaN })] });
      await expect(store.messages.record(broken)).rejects.toThrow();
      expect((await store.messages.list({}, { limit: 10 })).items).toEqual([]);
      expect(await events()).toEqual([]);
      await store.messages.record(scan("one"));
      expect(await events()).toMatchObject([{ sequence: 1 }]);
    });

    it("lists newest first, filtered, page by page without repeats or gaps", async () => {
      for (let index = 0; index < 9; index += 1) {
        await store.messages.record(
          scan(`m${index}`, {
            of: {
              // Three share each moment.
              scannedAt: later(Math.floor(index / 3)),
              verdict: index % 2 === 0 ? "allow" : "block",
              stage: index === 8 ? "draft" : "sent",
            },
          }),
        );
      }
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await store.messages.list({}, { limit: 2, ...(cursor !== null && { cursor }) });
        seen.push(...page.items.map((item) => item.internetMessageId ?? ""));
        cursor = page.next;
      } while (cursor !== null);
      expect(new Set(seen).size).toBe(9);
      const newest = new Set(["<m6@corp.example>", "<m7@corp.example>", "<m8@corp.example>"]);
      expect(new Set(seen.slice(0, 3))).toEqual(newest);
      const count = async (filter: Parameters<Store["messages"]["list"]>[0]): Promise<number> => {
        const listed = (await store.messages.list(filter, { limit: 500 })).items.length;
        expect(await store.messages.count(filter)).toBe(listed);
        return listed;
      };
      expect(await count({ incidentsOnly: true })).toBe(4);
      expect(await count({ verdict: "allow" })).toBe(5);
      expect(await count({ stage: "draft" })).toBe(1);
      expect(await count({ since: later(1), until: later(2) })).toBe(3);
      expect(await count({ mailbox: "Ann@Corp.example", tenant: "t1" })).toBe(9);
      expect(await count({ tenant: "t2" })).toBe(0);
      expect(await count({ internetMessageId: "<m4@corp.example>" })).toBe(1);
    });

    it("refuses cursors and limits that it did not give out", async () => {
      for (const page of [{ limit: 0 }, { limit: 501 }, { limit: 1.5 }, { limit: 5, cursor: "nonsense" }]) {
        await expect(store.messages.list({}, page)).rejects.toMatchObject({ code: "REQUEST_INVALID" });
      }
    });

    it("lets one worker at a time do an action, and records its end once", async () => {
      const { record } = await store.messages.record(scan("one", { actions: [label("a1")] }));
      expect(await store.actions.due(NOON, 10)).toEqual([record.id]);
      const claims = await Promise.all(["x", "y", "z"].map((token) => store.actions.claim("a1", lease(token), NOON)));
      expect(claims.filter((action) => action !== undefined)).toMatchObject([{ attempts: 1, input: { name: "DLP" } }]);
      const winner = ["x", "y", "z"][claims.findIndex((action) => action !== undefined)] ?? "";
      expect(await store.actions.due(NOON, 10)).toEqual([]);
      const copies = [{ mailbox: "ann@corp.example", messageId: "new", origin: "folder" }];
      const outcome = { state: "done", reason: null, copies } as const;
      expect(await store.actions.finish("a1", "stranger", outcome, later(1))).toBe(false);
      expect(await store.actions.renew("a1", lease(winner, 90))).toBe(true);
      expect(await store.actions.finish("a1", winner, outcome, later(1))).toBe(true);
      expect(await store.actions.finish("a1", winner, outcome, later(2))).toBe(false);
      expect(await store.actions.forMessage(record.id)).toMatchObject([{ state: "done", copies, at: later(1) }]);
      expect((await events()).map((event) => event.kind)).toEqual(["verdict", "action"]);
    });

    it("takes an action up again after its lease ran out or it was postponed", async () => {
      await store.messages.record(scan("one", { actions: [label("a1")] }));
      await store.actions.claim("a1", lease("a", 10), NOON);
      expect(await store.actions.claim("a1", lease("b", 20), later(11))).toMatchObject({ attempts: 2 });
      expect(await store.actions.postpone("a1", "a", later(60), "X")).toBe(false);
      expect(await store.actions.postpone("a1", "b", later(60), "PROVIDER_THROTTLED")).toBe(true);
      expect(await store.actions.due(later(59), 10)).toEqual([]);
      expect(await store.actions.claim("a1", lease("c", 99), later(60))).toMatchObject({ attempts: 3 });
      await store.actions.releaseAll();
      expect(await store.actions.due(later(60), 10)).toHaveLength(1);
    });

    it("leaves actions with a known id as they are", async () => {
      const { record } = await store.messages.record(scan("one", { actions: [label("a1")] }));
      await store.actions.claim("a1", lease("a"), NOON);
      await store.actions.finish("a1", "a", { state: "done", reason: null }, NOON);
      await store.actions.add(record.id, [label("a1"), label("a2", { step: 3 })], later(1));
      expect(await store.actions.forMessage(record.id)).toMatchObject([
        { id: "a1", state: "done" },
        { id: "a2", state: "planned", step: 3 },
      ]);
    });
  });
