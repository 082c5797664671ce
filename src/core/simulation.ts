export type SimulationState = "running" | "done" | "failed" | "cancelled";

/** A simulation of a policy over past mail: how far it has come, and what it found out. */
export interface StoredSimulation {
  readonly id: string;
  readonly state: SimulationState;
  /** A code, for one that failed. */
  readonly reason: string | null;
  readonly createdAt: Date;
  /** When the process that runs it gave its last sign of life. */
  readonly beatAt: Date;
  readonly endedAt: Date | null;
  /** Messages decided so far, of those to be decided. */
  readonly done: number;
  readonly total: number;
  /** As it is served; masked. Null until it is done. */
  readonly result: unknown;
}

/** Ends that a running simulation can come to. */
export type SimulationEnd =
  | { readonly state: "done"; readonly result: unknown }
  | { readonly state: "failed"; readonly reason: string }
  | { readonly state: "cancelled" };

export interface SimulationStore {
  /** Writes a running one, and removes those that ended before `keptSince`. */
  create(id: string, total: number, now: Date, keptSince: Date): Promise<void>;
  /** A sign of life; false when it is not running any more, so that the work stops. */
  beat(id: string, done: number, now: Date): Promise<boolean>;
  /** False when it had ended already: the first end stands. */
  end(id: string, end: SimulationEnd, now: Date): Promise<boolean>;
  get(id: string): Promise<StoredSimulation | undefined>;
}
