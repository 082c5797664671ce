import { isPosternError } from "../../src/core/errors.ts";
import type { TenantCheck, TenantMode } from "../../src/core/tenant.ts";
import { grantFor } from "./grants.ts";

/** One call to try; its name is a step of docs/connect-google-workspace.md. */
export interface Probe {
  readonly name: string;
  /** True when `observe` does without it. */
  readonly respondOnly?: boolean;
  /** The scope or set-up step that is missing when it fails. */
  readonly needs: string;
  /** What the administrator does about it, one sentence. */
  readonly grant: string;
  run(): Promise<unknown>;
  /** What to know of it though it works; asked for only then, and left out where it cannot be found out. */
  note?(): Promise<string | undefined>;
}

/** Tries each probe that the mode needs, one after another; a failure is a result. */
export async function runChecks(
  probes: readonly Probe[],
  mode: TenantMode,
  signal: AbortSignal,
): Promise<readonly TenantCheck[]> {
  const checks: TenantCheck[] = [];
  for (const probe of probes) {
    signal.throwIfAborted();
    if (probe.respondOnly !== true || mode === "respond") checks.push(await tryOnce(probe, signal));
  }
  return checks;
}

async function tryOnce({ name, needs, grant, run, note }: Probe, signal: AbortSignal): Promise<TenantCheck> {
  try {
    await run();
    const known = await note?.().catch(() => undefined);
    return { name, ok: true, missing: null, grant: null, ...(known === undefined ? {} : { note: known }) };
  } catch (error) {
    signal.throwIfAborted();
    if (!isPosternError(error)) throw error;
    return { name, ok: false, ...(grantFor(error) ?? { missing: needs, grant }) };
  }
}
