import type { PolicyFault } from "../policy/load.ts";
import type { ApiClient } from "./api-client.ts";
import { lately, wouldHaveActed } from "./policy-past.ts";

/** `file:line:column: reason`, one line a fault. */
export function faultLines(file: string, faults: readonly PolicyFault[]): string[] {
  return faults.map((fault) => `${file}:${fault.line}:${fault.column}: ${fault.reason}`);
}

/**
 * Replaces the running policy, after saying what each rule that begins to act would have done in the last seven days.
 * 0 done, 2 faults or no service; the running one stays then.
 */
export async function applyPolicy(
  file: string,
  source: string,
  format: "yaml" | "json",
  client: ApiClient,
  out: (line: string) => void,
  err: (line: string) => void,
): Promise<0 | 2> {
  // A look that is not possible now (too many simulations) must not hold a policy up.
  const before = await lately({ policy: source }, client).catch(() => undefined);
  if (before?.ok === false) return refused(file, before.faults, err);
  if (before) for (const rule of before.past.enables) out(wouldHaveActed(rule, before.past));
  const answer = await client.call("PUT", "/api/v1/policy", { text: source, contentType: `application/${format}` });
  if (answer.status === 422)
    return refused(file, (answer.json as { readonly faults: readonly PolicyFault[] }).faults, err);
  const { revision, warnings } = client.expect(answer, 200) as {
    readonly revision: string;
    readonly warnings: readonly PolicyFault[];
  };
  for (const line of faultLines(file, warnings)) err(`${line} (warning)`);
  out(`policy ${revision} is running`);
  return 0;
}

function refused(file: string, faults: readonly PolicyFault[], err: (line: string) => void): 2 {
  for (const line of faultLines(file, faults)) err(line);
  return 2;
}
