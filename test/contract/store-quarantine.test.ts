import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QuarantineItem } from "../../src/core/records.ts";
import type { Store } from "../../src/core/store.ts";
import { openStore } from "../../src/store/store.ts";
import { DATABASES, newDatabase, type TestDatabase } from "../support/servers-databases.ts";
import { HELD, label, later, NOON, scan } from "../support/servers-samples.ts";

for (const { kind, title, missing } of DATABASES)
  describe.skipIf(missing)(`quarantine and events on ${title}`, () => {
    let test: TestDatabase;
    let store: Store;

    beforeAll(async () => {
      test = await newDatabase(kind);
      store = openStore(test.database);
    });
    afterAll(() => test?.remove());

    const hold = async (
      tenantId: string,
      identity: string,
      change: Partial<typeof HELD> = {},
    ): Promise<QuarantineItem> => {
      const ref = { ...scan(identity).record.ref, tenantId };
      const { record } = await store.messages.record(
        scan(identity, { quarantine: { ...HELD, ...change }, of: { ref } }),
      );
      return (await store.quarantine.forMessage(record.id)) ?? expect.fail("nothing is held");
    };

    it("lets exactly one of two decisions win and tells the other where the message stands", async () => {
      for (let pair = 0; pair < 10; pair += 1) {
        const item = await hold("race", `pair-${pair}`);
        const [release, deletion] = await Promise.allSettled([
          store.quarantine.transition(item.id, "released", "ann", null, [label(`restore-${pair}`)], later(1)),
          store.quarantine.transition(item.id, "deleted", "bob", "leak", [label(`purge-${pair}`)], later(1)),
        ]);
        const won = release.status === "fulfilled" ? release : deletion;
        const lost = release.status === "fulfilled" ? deletion : release;
        expect(won).toMatchObject({ status: "fulfilled" });
        const state = (await store.quarantine.get(item.id))?.state;
        expect(lost).toMatchObject({ reason: { code: "CONFLICT", details: { state } } });
        expect(await store.actions.forMessage(item.incident)).toMatchObject([
          { id: state === "released" ? `restore-${pair}` : `purge-${pair}` },
        ]);
        expect((await store.quarantine.get(item.id))?.history).toHaveLength(2);
      }
      expect(await store.events.verify("race")).toEqual({ checked: 30, brokenAt: null });
    });

    it("never releases a final item, but deletes it", async () => {
      const item = await hold("final", "blocked", { final: true });
      await expect(
        store.quarantine.transition(item.id, "released", "ann", null, [label("r")], later(1)),
      ).rejects.toMatchObject({ code: "CONFLICT", details: { state: "held" } });
      expect(await store.actions.forMessage(item.incident)).toEqual([]);
      await store.quarantine.transition(item.id, "deleted", "ann", "leak", [], later(1));
      expect((await store.quarantine.get(item.id))?.history.at(-1)).toEqual({
        state: "deleted",
        by: "ann",
        at: later(1),
        reason: "leak",
      });
    });

    it("answers NOT_FOUND for an unknown item", async () => {
      await expect(store.quarantine.transition("no", "deleted", "ann", null, [], NOON)).rejects.toMatchObject({
        code: "NOT_FOUND",
      });
      expect(await store.quarantine.get("no")).toBeUndefined();
    });

    it("lists by tenant and state, page by page, and finds what expired", async () => {
      const items = [
        await hold("listed", "one", { expiresAt: later(10) }),
        await hold("listed", "two", { expiresAt: later(20) }),
        await hold("listed", "three", { expiresAt: later(30) }),
      ];
      await store.quarantine.transition(items[0]?.id ?? "", "deleted", "ann", null, [], later(1));
      const held = await store.quarantine.list({ tenant: "listed", state: "held" }, { limit: 1 });
      const rest = await store.quarantine.list(
        { tenant: "listed", state: "held" },
        { limit: 1, ...(held.next !== null && { cursor: held.next }) },
      );
      const listed = [...held.items, ...rest.items].map((item) => item.id);
      expect(listed).toHaveLength(2);
      expect(new Set(listed)).toEqual(new Set([items[1]?.id, items[2]?.id]));
      expect((await store.quarantine.expired(later(20), 10)).map((item) => item.id)).toEqual([items[1]?.id]);
    });

    it("numbers events without gaps under parallel writers, tenant by tenant", async () => {
      await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          store.events.append(index % 2 === 0 ? "even" : "odd", "audit", { index }, later(index)),
        ),
      );
      for (const tenant of ["even", "odd"]) {
        const listed = await store.events.list(tenant, 0, 100);
        expect(listed.map((event) => event.sequence)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
        expect(await store.events.list(tenant, 28, 100)).toHaveLength(2);
        expect(await store.events.verify(tenant)).toEqual({ checked: 30, brokenAt: null });
      }
    });

    it.each([
      ["an edited body", "update postern.events set body = '{\"n\":9}' where tenant_id = $1 and sequence = 3", 3],
      ["a deleted event", "delete from postern.events where tenant_id = $1 and sequence = 2", 2],
      ["a deleted end", "delete from postern.events where tenant_id = $1 and sequence = 5", 5],
      [
        "a changed time",
        "update postern.events set at = at + interval '1 ms' where tenant_id = $1 and sequence = 1",
        1,
      ],
    ])("shows %s", async (title, tampering, brokenAt) => {
      for (let n = 0; n < 5; n += 1) {
        await store.events.append(title, "audit", { n, text: "a\0b", nested: { z: 1, a: [1.5, null] } }, later(n));
      }
      expect(await store.events.verify(title)).toEqual({ checked: 5, brokenAt: null });
      await test.database.pool.query(tampering, [title]);
      expect(await store.events.verify(title)).toMatchObject({ brokenAt });
    });
  });
