import { PosternError } from "../core/errors.ts";

/** A backend that takes longer (ms) counts as gone: callers go on, the sweep adds the job later. */
export const ANSWER_MS = 1_800;
/** For queues and workers at the start of a process (ms): a machine that builds or boots is slow, and nobody waits yet. */
export const START_MS = 30_000;

/**
 * The value, or STORE_UNAVAILABLE when it fails or takes longer than `ms`. What was asked may still happen later.
 * The cause is left out: it may hold an address with a password.
 */
export async function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(gone("timeout")), ms);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    throw error instanceof PosternError ? error : gone(error instanceof Error ? error.name : "unknown");
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

function gone(reason: string): PosternError {
  return new PosternError("STORE_UNAVAILABLE", "The queue does not answer", { details: { reason } });
}
