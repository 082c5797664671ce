import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BlobStore, Vault } from "../../src/core/ports.ts";
import { openBlobStore } from "../../src/store/store.ts";
import { openVault } from "../../src/vault/vault.ts";
import { DATABASES, newDatabase, type TestDatabase } from "../support/servers-databases.ts";

const SECRET = Buffer.alloc(32, 1);
const MAIL = Buffer.from("Subject: offer\r\n\r\n4111 1111 1111 1111\r\n");

for (const { kind, title, missing } of DATABASES)
  describe.skipIf(missing)(`vault on ${title}`, () => {
    let test: TestDatabase;
    let blobs: BlobStore;
    let vault: Vault;

    beforeAll(async () => {
      test = await newDatabase(kind);
      blobs = openBlobStore(test.database);
      vault = openVault(blobs, SECRET);
    });
    afterAll(() => test?.remove());

    const row = async (key: string): Promise<Buffer> => Buffer.from((await blobs.get(key)) ?? []);

    it.each([0, 1, 3 * 1024 * 1024])("gives back %i bytes as they were put", async (size) => {
      const content = randomBytes(size);
      await vault.put("t1", "sized", content);
      expect(content.equals(await vault.get("t1", "sized"))).toBe(true);
    });

    it("answers the SHA-256 of the clear content and replaces what was there", async () => {
      const { sha256 } = await vault.put("t1", "k", Buffer.from("abc"));
      expect(sha256).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
      await vault.put("t1", "k", MAIL);
      expect(Buffer.from(await vault.get("t1", "k"))).toEqual(MAIL);
    });

    it("stores nothing readable, and never the same bytes twice", async () => {
      await vault.put("t1", "a", MAIL);
      const first = await row("t1/a");
      await vault.put("t1", "a", MAIL);
      expect(first.includes("4111")).toBe(false);
      expect(first.equals(await row("t1/a"))).toBe(false);
    });

    it("refuses content of which any bit was flipped, was cut or was lengthened", async () => {
      await vault.put("t1", "flip", MAIL);
      const sealed = await row("t1/flip");
      const damaged = [...sealed.keys()].map((index) => {
        const copy = Buffer.from(sealed);
        copy[index] = (copy[index] ?? 0) ^ (1 << (index % 8));
        return copy;
      });
      for (const bytes of [
        ...damaged.filter((_, index) => index % 5 === 0),
        sealed.subarray(0, -1),
        sealed.subarray(0, 9),
      ]) {
        await blobs.put("t1/flip", bytes);
        await expect(vault.get("t1", "flip")).rejects.toMatchObject({ code: "CONTENT_UNREADABLE" });
      }
    });

    it("refuses content that was moved to another key or another tenant", async () => {
      await vault.put("t1", "mine", MAIL);
      await blobs.put("t1/other", await row("t1/mine"));
      await blobs.put("t2/mine", await row("t1/mine"));
      await expect(vault.get("t1", "other")).rejects.toMatchObject({ code: "CONTENT_UNREADABLE" });
      await expect(vault.get("t2", "mine")).rejects.toMatchObject({ code: "CONTENT_UNREADABLE" });
    });

    it("says when content was sealed with another secret", async () => {
      await vault.put("t1", "k", MAIL);
      await expect(openVault(blobs, Buffer.alloc(32, 2)).get("t1", "k")).rejects.toMatchObject({
        code: "CONTENT_UNREADABLE",
        details: { reason: "other-key" },
      });
    });

    it("answers NOT_FOUND for what is not there or was removed", async () => {
      await vault.put("t1", "gone", MAIL);
      await vault.remove("t1", "gone");
      await vault.remove("t1", "gone");
      await expect(vault.get("t1", "gone")).rejects.toMatchObject({ code: "NOT_FOUND" });
    });

    it("refuses a secret of the wrong length", () => {
      expect(() => openVault(blobs, Buffer.alloc(31))).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    });
  });
