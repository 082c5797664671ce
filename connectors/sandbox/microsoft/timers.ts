/** Delayed work that ends with its owner. */
export interface Timers {
  /** Does something after so many milliseconds, unless `clear` comes first. */
  later(delayMs: number, work: () => void): void;
  clear(): void;
}

export function createTimers(): Timers {
  const pending = new Set<NodeJS.Timeout>();
  return {
    later: (delayMs, work) => {
      const timer = setTimeout(() => {
        pending.delete(timer);
        work();
      }, delayMs);
      pending.add(timer);
    },
    clear: () => {
      for (const timer of pending) clearTimeout(timer);
      pending.clear();
    },
  };
}
