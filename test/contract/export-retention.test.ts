import { randomUUID } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import { openStore } from "../../src/store/store.ts";
import { DATABASES, newDatabase } from "../support/servers-databases.ts";

const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));

for (const { kind, title, missing } of DATABASES)
  describe.skipIf(missing)(`retention of events on ${title}`, () => {
    it("removes the oldest, leaves a chain that can be verified, and counts on from where it was", async () => {
      const { database, remove } = await newDatabase(kind);
      onTestFinished(remove);
      const { events } = openStore(database);
      const [tenant, other] = [randomUUID(), randomUUID()];
      const append = (to: string, at: Date) => events.append(to, "audit", { change: "policy-applied", by: "x" }, at);
      for (let number = 1; number <= 10; number++) await append(tenant, day(number));
      await append(other, day(9));

      expect(await events.prune(day(5))).toBe(4);
      expect(await events.prune(day(5))).toBe(0);
      expect((await events.list(tenant, 0, 50)).map(({ sequence }) => sequence)).toEqual([5, 6, 7, 8, 9, 10]);
      expect(await events.verify(tenant)).toEqual({ checked: 6, brokenAt: null });
      expect(await events.verify(other)).toEqual({ checked: 1, brokenAt: null });
      await database.pool.query(`update postern.events set body = '{}' where tenant_id = '${tenant}' and sequence = 5`);
      expect(await events.verify(tenant)).toEqual({ checked: 0, brokenAt: 5 });

      expect(await events.prune(day(30))).toBe(7);
      expect((await append(tenant, day(31))).sequence).toBe(11);
      expect(await events.verify(tenant)).toEqual({ checked: 1, brokenAt: null });
    });

    it("stops at the first event that is young enough", async () => {
      const { database, remove } = await newDatabase(kind);
      onTestFinished(remove);
      const { events } = openStore(database);
      const tenant = randomUUID();
      for (const number of [1, 9, 2]) await events.append(tenant, "audit", { change: "c", by: "x" }, day(number));
      expect(await events.prune(day(5))).toBe(1);
      expect((await events.list(tenant, 0, 9)).map(({ sequence }) => sequence)).toEqual([2, 3]);
    });
  });
