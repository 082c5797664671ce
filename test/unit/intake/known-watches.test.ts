import { expect, it } from "vitest";
import type { OwnedWatch } from "../../../src/core/store.ts";
import { rememberWatches } from "../../../src/intake/known-watches.ts";

const NOON = new Date("2026-06-01T12:00:00Z");

function stored(...ids: readonly string[]) {
  const rows = new Map<string, OwnedWatch>();
  const asked: string[] = [];
  for (const watchId of ids)
    rows.set(watchId, {
      tenantId: "t",
      externalTenantId: "external",
      mailbox: "a@b",
      stage: "sent",
      watchId,
      secretHash: "h",
      expiresAt: NOON,
      createdAt: NOON,
    });
  let failure: Error | undefined;
  return {
    rows,
    asked,
    fail: (error: Error | undefined) => {
      failure = error;
    },
    find(watchId: string): Promise<OwnedWatch | undefined> {
      asked.push(watchId);
      return failure ? Promise.reject(failure) : Promise.resolve(rows.get(watchId));
    },
  };
}

it("asks once for all notifications of a moment, and anew after five seconds", async () => {
  const store = stored("w");
  let now = 0;
  const watches = rememberWatches(store, () => now);
  const found = await Promise.all([watches.find("w"), watches.find("w"), watches.find("w")]);
  expect(found.map((watch) => watch?.watchId)).toEqual(["w", "w", "w"]);
  expect(store.asked).toEqual(["w"]);
  store.rows.delete("w");
  now = 4_999;
  expect(await watches.find("w")).toBeDefined();
  now = 5_000;
  expect(await watches.find("w")).toBeUndefined();
});

it("never remembers what is not ours", async () => {
  const store = stored();
  const watches = rememberWatches(store, () => 0);
  expect(await watches.find("new")).toBeUndefined();
  const [row] = stored("new").rows.values();
  if (row) store.rows.set("new", row);
  expect(await watches.find("new")).toBeDefined();
});

it("asks again after a failure", async () => {
  const store = stored("w");
  const watches = rememberWatches(store, () => 0);
  store.fail(new Error("the database is away"));
  await expect(watches.find("w")).rejects.toThrow("away");
  store.fail(undefined);
  expect(await watches.find("w")).toBeDefined();
});
