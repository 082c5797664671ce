/** What may lag behind: the search index (`q`), the history index, or the reading of fresh messages by id. */
export type LagKind = "search" | "history" | "get";

export interface LagOptions {
  /** Ends by itself after so many calls saw the lag; otherwise when `end` is called. */
  readonly calls?: number;
  /** `head`: a lagging `history.list` answers the newest history id nevertheless, the trap of public bug reports. */
  readonly cursor?: "visible" | "head";
}

/** Indexes that can be told to miss what happened after a moment. */
export interface Lag {
  begin(kind: LagKind, options?: LagOptions): void;
  end(kind: LagKind): void;
  /** Sequence number after which changes are hidden now; counts as one call that saw the lag. Infinity without lag. */
  hiddenAfter(kind: LagKind): number;
  /** Whether a lagging `history.list` answers the newest history id. */
  claimsHead(): boolean;
}

interface Active {
  readonly since: number;
  readonly head: boolean;
  left: number;
}

/** `now` gives the sequence number of the newest change. */
export function createLag(now: () => number): Lag {
  const active = new Map<LagKind, Active>();
  let lastClaim = false;
  return {
    begin(kind, options = {}) {
      active.set(kind, {
        since: now(),
        head: options.cursor === "head",
        left: options.calls ?? Number.POSITIVE_INFINITY,
      });
    },
    end(kind) {
      active.delete(kind);
    },
    hiddenAfter(kind) {
      const lag = active.get(kind);
      if (kind === "history") lastClaim = lag?.head ?? false;
      if (lag === undefined) return Number.POSITIVE_INFINITY;
      lag.left -= 1;
      if (lag.left <= 0) active.delete(kind);
      return lag.since;
    },
    claimsHead: () => lastClaim,
  };
}
