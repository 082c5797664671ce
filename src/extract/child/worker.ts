import type { ChildProcess } from "node:child_process";
import { launchChild } from "./launch.ts";
import { residentBytes } from "./memory.ts";
import type { FromChild, ToChild } from "./messages.ts";

export interface WorkerOptions {
  /** Entry file that calls `serveChild`: `.ts` under tsx, `.js` when built. */
  readonly entry: URL;
  /** Limit of the V8 heap in MiB. */
  readonly heapMb: number;
  /** Limit of all resident memory in MiB; 768 when absent. */
  readonly memoryMb?: number;
  /** A child is replaced after so many requests, or when it has grown by 256 MiB. */
  readonly recycleAfter: number;
  /** The child's whole environment; nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** Answers what children ask for, for instance OCR of a picture. */
  readonly answer?: (question: unknown, signal: AbortSignal) => Promise<unknown>;
}

export type WorkerOutcome =
  | { readonly kind: "reply"; readonly reply: unknown }
  | { readonly kind: "timeout" | "crash" | "memory"; readonly progress: unknown };

const DEFAULT_MEMORY_MB = 768;
const GROWTH_LIMIT = 256 * 1024 * 1024;
/** How often the memory of a busy child is looked at. Milliseconds. */
const MEMORY_CHECK_MS = 100;
/** Time that a child may take to load its program, on a busy machine. Milliseconds. */
const START_MS = 60_000;

/** One child process. Runs one request at a time and is thrown away when it misbehaves. */
export class ChildWorker {
  readonly #options: WorkerOptions;
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #ready: Promise<boolean>;
  #served = 0;
  #fit = true;
  #baseline = 0;
  #startError = "";

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#process = launchChild({ entry: options.entry, heapMb: options.heapMb, env: options.env ?? {} });
    // A pool that nobody closes must not keep the program alive.
    this.#process.unref();
    this.#process.channel?.unref();
    this.#exited = new Promise((resolve) => {
      this.#process.once("exit", () => resolve());
      this.#process.once("error", () => resolve());
    });
    this.#process.stderr?.on("data", (chunk: Buffer) => {
      // Only what keeps a child from starting is of interest; later words of parsers may hold content.
      if (this.#baseline === 0 && this.#startError.length < 2_000) this.#startError += chunk.toString("utf8");
    });
    (this.#process.stderr as { unref?: () => void } | null)?.unref?.();
    this.#ready = this.#awaitReady();
    void this.#exited.then(() => {
      this.#fit = false;
    });
  }

  /** Whether it may take another request. */
  isFit(): boolean {
    if (!this.#fit || this.#served >= this.#options.recycleAfter) return false;
    return residentBytes(this.#process.pid) - this.#baseline < GROWTH_LIMIT;
  }

  async kill(): Promise<void> {
    this.#fit = false;
    this.#process.kill("SIGKILL");
    // Whoever closes waits for the end, and the program with him.
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.ref();
    await this.#exited;
  }

  async run(
    request: unknown,
    options: { readonly timeoutMs: number; readonly stallMs?: number },
    signal: AbortSignal,
  ): Promise<WorkerOutcome> {
    // From here on somebody waits for it, for its start too.
    this.#process.ref();
    this.#process.channel?.ref();
    if (!(await this.#ready)) throw new Error(`a child process does not start: ${this.#startError.slice(0, 500)}`);
    this.#served += 1;
    const outcome = await this.#attempt(request, options, signal);
    this.#process.unref();
    this.#process.channel?.unref();
    if (outcome.kind !== "reply") await this.kill();
    return outcome;
  }

  #attempt(
    request: unknown,
    options: { readonly timeoutMs: number; readonly stallMs?: number },
    signal: AbortSignal,
  ): Promise<WorkerOutcome> {
    return new Promise((resolve) => {
      const id = this.#served;
      const asking = new AbortController();
      let progress: unknown;
      const end = (outcome: WorkerOutcome) => {
        asking.abort();
        clearTimeout(deadline);
        clearTimeout(stall);
        clearInterval(memory);
        this.#process.off("message", onMessage);
        this.#process.off("exit", onExit);
        signal.removeEventListener("abort", onAbort);
        resolve(outcome);
      };
      const onMessage = (message: FromChild) => {
        if (message.type === "ready" || message.id !== id) return;
        if (message.type === "reply") end({ kind: "reply", reply: message.reply });
        else if (message.type === "failed") end({ kind: "crash", progress });
        else if (message.type === "ask") {
          // While the parent is asked, the child is not the one that is slow.
          void this.#answer(message.ask, message.question, asking.signal).then(() => stall?.refresh());
        } else {
          progress = message.value;
          watchStall();
        }
      };
      const onExit = (_code: number | null, exitSignal: NodeJS.Signals | null) => {
        // V8 aborts the process when its heap is full.
        end({ kind: exitSignal === "SIGABRT" || _code === 134 ? "memory" : "crash", progress });
      };
      const onAbort = () => end({ kind: "crash", progress });
      const deadline = setTimeout(() => end({ kind: "timeout", progress }), options.timeoutMs);
      let stall: NodeJS.Timeout | undefined;
      // Begins with the child's first word: taking in a large request is no standstill.
      const watchStall = () => {
        if (stall !== undefined) stall.refresh();
        else if (options.stallMs !== undefined)
          stall = setTimeout(() => end({ kind: "timeout", progress }), options.stallMs);
      };
      const memory = setInterval(() => {
        const limit = (this.#options.memoryMb ?? DEFAULT_MEMORY_MB) * 1024 * 1024;
        if (residentBytes(this.#process.pid) > limit) end({ kind: "memory", progress });
      }, MEMORY_CHECK_MS);
      this.#process.on("message", onMessage);
      this.#process.once("exit", onExit);
      signal.addEventListener("abort", onAbort, { once: true });
      if (!this.#fit || signal.aborted) end({ kind: "crash", progress });
      else this.#send({ type: "run", id, request });
    });
  }

  async #answer(ask: number, question: unknown, signal: AbortSignal): Promise<void> {
    try {
      if (this.#options.answer === undefined) throw new Error("nobody answers");
      const value = await this.#options.answer(question, signal);
      if (!signal.aborted) this.#send({ type: "answer", ask, ok: true, value });
    } catch {
      if (!signal.aborted) this.#send({ type: "answer", ask, ok: false, value: null });
    }
  }

  #send(message: ToChild): void {
    // When the channel is gone, the exit event tells.
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  #awaitReady(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), START_MS);
      const onMessage = (message: FromChild) => {
        if (message.type !== "ready") return;
        this.#baseline = residentBytes(this.#process.pid) || 1;
        finish(true);
      };
      const finish = (ready: boolean) => {
        clearTimeout(timer);
        this.#process.off("message", onMessage);
        resolve(ready);
      };
      timer.unref();
      this.#process.on("message", onMessage);
      void this.#exited.then(() => finish(false));
    });
  }
}
