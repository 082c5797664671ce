/** Remembers what `load` answered for `lifeMs`; calls that come meanwhile share one load. Failures are not kept. */
export function expiringCache<Value>(
  lifeMs: number,
  load: (key: string) => Promise<Value>,
): { get(key: string): Promise<Value>; forget(key: string): void } {
  const kept = new Map<string, { readonly until: number; readonly value: Promise<Value> }>();
  return {
    get(key) {
      const now = performance.now();
      const known = kept.get(key);
      if (known && known.until > now) return known.value;
      const value = load(key);
      kept.set(key, { until: now + lifeMs, value });
      value.catch(() => kept.delete(key));
      return value;
    },
    forget(key) {
      kept.delete(key);
    },
  };
}
