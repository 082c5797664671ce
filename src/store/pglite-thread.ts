import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { inBuild } from "./built.ts";
import { unavailable } from "./failure.ts";
import type { EngineResult, PgliteEngine } from "./pglite-engine.ts";

/** What the thread is started with. */
export interface ThreadTask {
  readonly folder: string;
  readonly module: WebAssembly.Module;
}

/** To the thread. */
export interface Statement {
  readonly id: number;
  /** Undefined closes the database. */
  readonly text: string | undefined;
  readonly parameters: readonly unknown[];
}

/** From the thread. The answer with id 0 says that the database is open. */
export type Report =
  | { readonly id: number; readonly result: EngineResult }
  | { readonly id: number; readonly failure: StatementFailure }
  | { readonly channel: string; readonly payload: string };

/** The fields of PostgreSQL's errors that `storeFailure` reads; a structured clone of an error would lose them. */
export interface StatementFailure {
  readonly message: string;
  readonly code: string;
  readonly table: string;
  readonly constraint: string;
}

interface Waiting {
  readonly resolve: (result: EngineResult) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The embedded database in a thread of its own, so that web hooks and pages are answered while a statement runs.
 * @throws PosternError STORE_UNAVAILABLE when the thread ends; otherwise what the database says, with its SQLSTATE.
 */
export async function startThread(folder: string): Promise<PgliteEngine> {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(channel: string, payload: string) => void>();
  const task: ThreadTask = { folder, module: await compiledOnce() };
  const worker = new Worker(inBuild("pglite-worker.js"), { workerData: task });
  let lastId = 0;
  let closed = false;

  worker.on("message", (report: Report) => {
    if ("channel" in report) for (const listener of listeners) listener(report.channel, report.payload);
    else settle(report);
  });
  worker.on("error", end);
  worker.on("exit", () => end());

  function settle(report: Exclude<Report, { channel: string }>): void {
    const caller = waiting.get(report.id);
    waiting.delete(report.id);
    // An idle database keeps no process alive, as it would not in the process's own thread.
    if (waiting.size === 0) worker.unref();
    if ("result" in report) caller?.resolve(report.result);
    else caller?.reject(Object.assign(new Error(report.failure.message), report.failure));
  }

  function end(error?: Error): void {
    closed = true;
    const why = error === undefined ? "the database's thread ended" : `the database's thread ended: ${error.name}`;
    for (const { reject } of waiting.values()) reject(unavailable(why));
    waiting.clear();
  }

  function answerTo(id: number): Promise<EngineResult> {
    if (closed) return Promise.reject(unavailable("the database is closed"));
    worker.ref();
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  }

  function ask(text: string | undefined, parameters: readonly unknown[]): Promise<EngineResult> {
    lastId += 1;
    const answer = answerTo(lastId);
    const statement: Statement = { id: lastId, text, parameters };
    if (!closed) worker.postMessage(statement);
    return answer;
  }

  await answerTo(0);
  return {
    run: ask,
    onNotification(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get closed() {
      return closed;
    },
    async close() {
      if (closed) return;
      await ask(undefined, []);
      closed = true;
      await worker.terminate();
    },
  };
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** Threads share compiled code: a second database of the process opens in half the time. */
function compiledOnce(): Promise<WebAssembly.Module> {
  const packed = join(dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite")), "pglite.wasm");
  compiled ??= readFile(packed).then((bytes) => WebAssembly.compile(bytes));
  return compiled;
}
