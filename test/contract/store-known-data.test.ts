import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KnownDataEntry } from "../../src/core/known-data.ts";
import type { Store } from "../../src/core/store.ts";
import { openStore } from "../../src/store/store.ts";
import { DATABASES, newDatabase, type TestDatabase } from "../support/servers-databases.ts";
import { NOON } from "../support/servers-samples.ts";

for (const { kind, title, missing } of DATABASES)
  describe.skipIf(missing)(`exact data and fingerprints on ${title}`, () => {
    let test: TestDatabase;
    let store: Store;
    beforeAll(async () => {
      test = await newDatabase(kind);
      store = openStore(test.database);
    });
    afterAll(() => test?.remove());

    const entry = (change: Partial<KnownDataEntry>): KnownDataEntry => ({
      kind: "exact-data",
      name: "customers",
      document: "",
      size: 2,
      bytes: 3,
      revision: "r1",
      at: NOON,
      ...change,
    });
    const first = entry({});
    const second = entry({ revision: "r2", size: 4 });

    it("keeps an entry with its hashes, and replaces both together", async () => {
      await store.knownData.put(first, Uint8Array.of(1, 2, 3));
      expect(await store.knownData.list()).toEqual([first]);
      expect([...((await store.knownData.read(first)) ?? [])]).toEqual([1, 2, 3]);
      await store.knownData.put(second, Uint8Array.of(4, 5, 6, 7));
      expect(await store.knownData.list()).toEqual([second]);
      expect([...((await store.knownData.read(second)) ?? [])]).toEqual([4, 5, 6, 7]);
      expect(await store.knownData.read(first)).toBeUndefined();
    });

    it("removes one document of a set, or all of it, and nothing else", async () => {
      const documents = ["a.docx", "b.docx"].map((document) =>
        entry({ kind: "fingerprint", name: "contracts", document, revision: document }),
      );
      for (const document of documents) await store.knownData.put(document, Uint8Array.of(9));
      expect(await store.knownData.remove({ kind: "fingerprint", name: "contracts", document: "a.docx" })).toBe(true);
      expect(await store.knownData.list()).toEqual([second, documents[1]]);
      expect(await store.knownData.remove({ kind: "fingerprint", name: "contracts" })).toBe(true);
      expect(await store.knownData.remove({ kind: "fingerprint", name: "contracts" })).toBe(false);
      expect(await store.knownData.list()).toEqual([second]);
    });
  });
