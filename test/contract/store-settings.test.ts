import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BlobStore } from "../../src/core/ports.ts";
import type { Store } from "../../src/core/store.ts";
import { openBlobStore, openStore } from "../../src/store/store.ts";
import { DATABASES, newDatabase, type TestDatabase } from "../support/servers-databases.ts";
import { addTenant, later, lease, NOON } from "../support/servers-samples.ts";

for (const { kind, title, missing } of DATABASES)
  describe.skipIf(missing)(`tenants, watches, policies, leases and blobs on ${title}`, () => {
    let test: TestDatabase;
    let store: Store;
    let blobs: BlobStore;

    beforeAll(async () => {
      test = await newDatabase(kind);
      store = openStore(test.database);
      blobs = openBlobStore(test.database);
    });
    afterAll(() => test?.remove());

    it("connects a provider's tenant once", async () => {
      await addTenant(store, "once");
      await expect(addTenant(store, "twice", "external-once")).rejects.toMatchObject({ code: "CONFLICT" });
      expect(await store.tenants.get("once")).toMatchObject({ externalId: "external-once", createdAt: NOON });
      expect(await store.tenants.get("twice")).toBeUndefined();
    });

    it("keeps the sealed settings apart from what is shown", async () => {
      await addTenant(store, "sealed");
      expect(await store.tenants.settings("sealed")).toBe("sealed-sealed");
      expect(JSON.stringify(await store.tenants.list())).not.toContain("sealed-sealed");
      await store.tenants.update("sealed", { sealedSettings: "other", state: "degraded", domains: ["a.example"] });
      expect(await store.tenants.settings("sealed")).toBe("other");
      expect(await store.tenants.get("sealed")).toMatchObject({
        state: "degraded",
        domains: ["a.example"],
        mode: "respond",
      });
      expect(await store.tenants.settings("nobody")).toBeUndefined();
    });

    it("removes a tenant with its directory, cursors and watches; late writers change nothing", async () => {
      await addTenant(store, "gone");
      const point = { tenantId: "gone", mailbox: "a@b", stage: "sent", cursor: null, since: NOON } as const;
      const watch = {
        tenantId: "gone",
        mailbox: "a@b",
        stage: "sent",
        watchId: "w",
        secretHash: "h",
        expiresAt: later(9),
        createdAt: NOON,
      } as const;
      const mailbox = { address: "a@b", userId: "1", aliases: [], displayName: "A", manager: null, usable: true };
      const writeAll = async (): Promise<void> => {
        await store.syncs.start(point);
        await store.syncs.save({ ...point, syncedAt: later(1) });
        await store.watches.save(watch);
        await store.directory.replace("gone", [mailbox, mailbox], []);
      };
      await writeAll();
      expect(await store.directory.mailboxes("gone")).toEqual([mailbox]);
      await store.tenants.remove("gone");
      await writeAll();
      expect(await store.directory.mailboxes("gone")).toEqual([]);
      expect(await store.syncs.list("gone")).toEqual([]);
      expect(await store.watches.find("w")).toBeUndefined();
    });

    it("starts a cursor once and saves it", async () => {
      await addTenant(store, "cursor");
      const point = { tenantId: "cursor", mailbox: "a@b", stage: "sent", cursor: "1", since: NOON } as const;
      await store.syncs.start(point);
      await store.syncs.start({ ...point, cursor: "2" });
      expect(await store.syncs.get("cursor", "a@b", "sent")).toEqual({ ...point, syncedAt: null });
      const saved = { ...point, cursor: "3", since: later(5), syncedAt: later(6) };
      await store.syncs.save(saved);
      expect(await store.syncs.list("cursor")).toEqual([saved]);
    });

    it("keeps the newest watch of a mailbox and one predecessor", async () => {
      await addTenant(store, "watched");
      for (const n of [1, 2, 3]) {
        await store.watches.save({
          tenantId: "watched",
          mailbox: "a@b",
          stage: "sent",
          watchId: `w${n}`,
          secretHash: "h",
          expiresAt: later(100 + n),
          createdAt: later(n),
        });
      }
      expect((await store.watches.list("watched")).map((watch) => watch.watchId)).toEqual(["w3", "w2"]);
      expect(await store.watches.current("watched", "a@b", "sent")).toMatchObject({ watchId: "w3" });
      expect(await store.watches.find("w1")).toBeUndefined();
      await store.watches.remove("w3", { tenantId: "watched", mailbox: "other" });
      expect(await store.watches.find("w3")).toMatchObject({ externalTenantId: "external-watched" });
      await store.watches.remove("w3");
      expect(await store.watches.current("watched", "a@b", "sent")).toMatchObject({ watchId: "w2" });
    });

    it("has the policy that was saved last in force, also when it is an old one", async () => {
      expect(await store.policies.current()).toBeUndefined();
      const revision = (name: string) =>
        ({ revision: name, source: "version: 1", format: "yaml", by: "ann", at: NOON }) as const;
      for (const name of ["a", "b", "a"]) await store.policies.save(revision(name));
      expect(await store.policies.current()).toMatchObject(revision("a"));
      expect((await store.policies.history(2)).map((each) => each.revision)).toEqual(["a", "b"]);
    });

    it("gives a named lease to one of many and to the next when it ran out", async () => {
      const takers = await Promise.all(
        ["x", "y", "z"].map((token) => store.leases.acquire("s", lease(token, 10), NOON)),
      );
      expect(takers.filter(Boolean)).toHaveLength(1);
      const holder = ["x", "y", "z"][takers.indexOf(true)] ?? "";
      expect(await store.leases.acquire("s", lease(holder, 20), later(5))).toBe(true);
      expect(await store.leases.acquire("s", lease("late"), later(19))).toBe(false);
      expect(await store.leases.acquire("s", lease("late"), later(21))).toBe(true);
      await store.leases.release("s", holder);
      expect(await store.leases.acquire("s", lease("other"), later(22))).toBe(false);
      await store.leases.release("s", "late");
      expect(await store.leases.acquire("s", lease("other"), later(22))).toBe(true);
    });

    it.each([0, 1, 1024 * 1024, 2.5 * 1024 * 1024])(
      "gives back a blob of %i bytes as it was put, and replaces it",
      async (size) => {
        const bytes = Buffer.from(Array.from({ length: size }, (_, index) => (index * 31) % 251));
        await blobs.put("k", Buffer.alloc(3 * 1024 * 1024, 7));
        await blobs.put("k", bytes);
        expect(bytes.equals((await blobs.get("k")) ?? Buffer.alloc(9))).toBe(true);
        await blobs.remove("k");
        await blobs.remove("k");
        expect(await blobs.get("k")).toBeUndefined();
      },
    );

    it("keeps one whole version of a blob that two write at once", async () => {
      const versions = [1, 2, 3, 4].map((value) => Buffer.alloc(1024 * 1024 + value, value));
      await Promise.all(versions.map((version) => blobs.put("race", version)));
      const kept = Buffer.from((await blobs.get("race")) ?? []);
      expect(versions.filter((version) => version.equals(kept))).toHaveLength(1);
    });
  });
