import type { JobsOptions } from "bullmq";

/** What BullMQ stores of a job: ids only, see the port. */
export interface Payload {
  readonly job: unknown;
}

/** Where the queues live. */
export interface Backend {
  newQueue(name: string): BullQueue;
  /** Not yet running. */
  newWorker(name: string, concurrency: number, work: (payload: Payload) => Promise<void>): BullWorker;
  ping(): Promise<unknown>;
  /** Ends what `openBackend` opened; queues and workers are closed before. */
  disconnect(): Promise<void>;
}

/** The part of BullMQ's Queue that the port needs, whatever it stands on. */
export interface BullQueue {
  add(name: string, data: Payload, options: JobsOptions): Promise<unknown>;
  addBulk(jobs: { name: string; data: Payload; opts: JobsOptions }[]): Promise<unknown>;
  getJobCounts(...states: ("waiting" | "prioritized" | "delayed" | "active")[]): Promise<Record<string, number>>;
  waitUntilReady(): Promise<unknown>;
  on(event: "error", listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

export interface BullWorker {
  run(): Promise<void>;
  waitUntilReady(): Promise<unknown>;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "failed", listener: (job: unknown, error: Error) => void): unknown;
  close(): Promise<void>;
}

/** Nothing is tried again or kept by the queue: the inbox decides what becomes of an item. */
export const JOB_DEFAULTS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

/**
 * A job whose worker died is taken up again after its lock ran out and the next look for such jobs, within 12 s.
 * The queue must never be the one that gives up (BullMQ fails a job for good after its second stall by default).
 */
export const WORKER_DEFAULTS = {
  autorun: false,
  lockDuration: 8_000,
  stalledInterval: 4_000,
  maxStalledCount: 1_000_000,
} as const;
