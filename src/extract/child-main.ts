import { Worker } from "node:worker_threads";
import type { FromChild, ToChild } from "./child/messages.ts";

/** How the handler of a child talks to its pool while it works. */
export interface ParentLink {
  /** Leaves word of what comes next; the pool has it when this process dies. Works from within endless loops. */
  progress(value: unknown): void;
  /** Asks the parent (the pool's `answer`). Rejects when the parent cannot answer. */
  ask(question: unknown): Promise<unknown>;
}

export type ChildHandler<Request, Reply> = (
  request: Request,
  signal: AbortSignal,
  parent: ParentLink,
) => Promise<Reply>;

/** Serves the pool that started this process: one request at a time, until the parent goes. */
export function serveChild<Request, Reply>(handle: ChildHandler<Request, Reply>): void {
  if (process.send === undefined) throw new Error("this program is started by its parent process only");
  if (process.env.POSTERN_CHILD_WATCH === "1") watchParent();
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastAsk = 0;
  let running: { readonly id: number; readonly abort: AbortController } | undefined;

  const link = (id: number): ParentLink => ({
    progress: (value) => send({ type: "progress", id, value }),
    ask: (question) =>
      new Promise((resolve, reject) => {
        lastAsk += 1;
        waiting.set(lastAsk, { resolve, reject });
        send({ type: "ask", id, ask: lastAsk, question });
      }),
  });

  const run = async (id: number, request: Request) => {
    const abort = new AbortController();
    running = { id, abort };
    try {
      const reply = await handle(request, abort.signal, link(id));
      send({ type: "reply", id, reply });
    } catch {
      // What a handler throws may hold content; the pool reports a crash and starts this process anew.
      send({ type: "failed", id });
    } finally {
      running = undefined;
    }
  };

  process.on("message", (message: ToChild) => {
    if (message.type === "run") void run(message.id, message.request as Request);
    else if (message.type === "answer") {
      const asker = waiting.get(message.ask);
      waiting.delete(message.ask);
      if (message.ok) asker?.resolve(message.value);
      else asker?.reject(new Error("the parent could not answer"));
    } else if (running?.id === message.id) running.abort.abort();
  });
  process.on("disconnect", () => process.exit(0));
  send({ type: "ready" });
}

function send(message: FromChild): void {
  // The parent may be gone; then this process ends by itself.
  process.send?.(message, () => {});
}

/** Ends this process when its parent has died, even if the main thread is busy for ever. */
function watchParent(): void {
  const code =
    "const parent = process.ppid; setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL') }, 1000)";
  new Worker(code, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } }).unref();
}
