import { ChildWorker, type WorkerOptions, type WorkerOutcome } from "./child/worker.ts";

export interface ChildPoolOptions extends WorkerOptions {
  /** Children that are kept warm; as many requests run at a time. */
  readonly size: number;
}

export interface RunOptions {
  /** Wall time of the whole request. */
  readonly timeoutMs: number;
  /** Wall time without a word of progress. */
  readonly stallMs?: number;
}

export type RunResult<Reply> =
  | { readonly ok: true; readonly reply: Reply }
  | {
      readonly ok: false;
      readonly reason: "timeout" | "crash" | "memory";
      /** What the child last told of its progress; undefined when it said nothing. */
      readonly progress: unknown;
    };

export interface ChildPool<Request, Reply> {
  /** Rejects only when the signal aborts, the pool is closed, or children cannot be started at all. */
  run(request: Request, options: RunOptions, signal: AbortSignal): Promise<RunResult<Reply>>;
  /** Kills all children. Requests under way end as `crash`. */
  close(): Promise<void>;
}

interface Waiting {
  readonly start: (worker: ChildWorker) => void;
  readonly cancel: (error: Error) => void;
}

/**
 * Opens a pool of warm, killable child processes. Whoever misbehaves is killed with SIGKILL and replaced at once;
 * the others do not notice.
 */
export function openChildPool<Request, Reply>(options: ChildPoolOptions): ChildPool<Request, Reply> {
  const waiting: Waiting[] = [];
  const idle: ChildWorker[] = [];
  let closed = false;
  const workers = new Set<ChildWorker>();

  const add = () => {
    const worker = new ChildWorker(options);
    workers.add(worker);
    offer(worker);
  };
  const offer = (worker: ChildWorker) => {
    const next = waiting.shift();
    if (next === undefined) idle.push(worker);
    else next.start(worker);
  };
  const giveBack = async (worker: ChildWorker) => {
    if (closed) return;
    if (worker.isFit()) {
      offer(worker);
      return;
    }
    workers.delete(worker);
    await worker.kill();
    if (!closed) add();
  };
  const take = (signal: AbortSignal): Promise<ChildWorker> => {
    for (let free = idle.pop(); free !== undefined; free = idle.pop()) {
      if (free.isFit()) return Promise.resolve(free);
      // It died while it had nothing to do.
      void giveBack(free);
    }
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        start(worker) {
          signal.removeEventListener("abort", onAbort);
          resolve(worker);
        },
        cancel(error) {
          signal.removeEventListener("abort", onAbort);
          reject(error);
        },
      };
      const onAbort = () => {
        waiting.splice(waiting.indexOf(entry), 1);
        entry.cancel(signal.reason as Error);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      waiting.push(entry);
    });
  };

  for (let index = 0; index < options.size; index += 1) add();

  return {
    async run(request, runOptions, signal) {
      if (closed) throw new Error("the pool is closed");
      signal.throwIfAborted();
      const worker = await take(signal);
      let outcome: WorkerOutcome;
      try {
        outcome = await worker.run(request, runOptions, signal);
      } finally {
        void giveBack(worker);
      }
      signal.throwIfAborted();
      if (outcome.kind === "reply") return { ok: true, reply: outcome.reply as Reply };
      return { ok: false, reason: outcome.kind, progress: outcome.progress };
    },
    async close() {
      closed = true;
      for (const entry of waiting.splice(0)) entry.cancel(new Error("the pool is closed"));
      await Promise.all([...workers].map((worker) => worker.kill()));
    },
  };
}
