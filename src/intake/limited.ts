/** Calls `work` for each item, at most `limit` at the same time. Rejects with the first failure, after the others under way. */
export async function forEachLimited<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const lanes = Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (const item of queue) await work(item);
  });
  const settled = await Promise.allSettled(lanes);
  for (const lane of settled) if (lane.status === "rejected") throw lane.reason;
}
