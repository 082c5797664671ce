import type { ChildPool, RunResult } from "./child-pool.ts";
import type { Limits } from "./limits.ts";
import type { Skip, Unit } from "./walk.ts";

/** Parts of one input that may kill a child before the input as a whole is given up. */
const MAX_ATTEMPTS = 5;
/** What a child may need beyond the time limits that it keeps by itself, before it is killed. Milliseconds. */
const GRACE_MS = 5_000;

const PROBLEM = { timeout: "timeout", crash: "crash", memory: "too-large" } as const;

/**
 * Runs a request in a child; when the child dies on a part, runs it again without that part, so that the others' text
 * and findings are kept. The child must report each `Unit` with `parent.progress(unit)` (`ExtractOptions.onUnit`) and
 * pass `skip` on to `ExtractInput.skip`.
 */
export async function runWithoutKillers<Request, Reply>(
  pool: ChildPool<Request, Reply>,
  request: (skip: readonly Skip[]) => Request,
  limits: Limits,
  signal: AbortSignal,
): Promise<RunResult<Reply>> {
  const skip: Skip[] = [];
  const end = performance.now() + limits.messageMs;
  for (let attempt = 1; ; attempt += 1) {
    const timeoutMs = Math.max(1_000, end - performance.now()) + GRACE_MS;
    const result = await pool.run(request(skip), { timeoutMs, stallMs: limits.partMs + GRACE_MS }, signal);
    if (result.ok || attempt >= MAX_ATTEMPTS || performance.now() > end) return result;
    const unit = result.progress as Unit | undefined;
    // It died before it read anything, or again on a part that it was told to skip.
    if (unit === undefined || skip.some(({ index }) => index === unit.index)) return result;
    skip.push({ index: unit.index, path: unit.path, code: PROBLEM[result.reason] });
  }
}
