import type { PolicyFault } from "../policy/load.ts";
import type { ApiClient } from "./api-client.ts";

/** `file:line:column: reason`, one line a fault. */
export function faultLines(file: string, faults: readonly PolicyFault[]): string[] {
  return faults.map((fault) => `${file}:${fault.line}:${fault.column}: ${fault.reason}`);
}

/** Replaces the running policy. 0 done, 2 faults or no service; the running one stays then. */
export async function applyPolicy(
  file: string,
  source: string,
  format: "yaml" | "json",
  client: ApiClient,
  out: (line: string) => void,
  err: (line: string) => void,
): Promise<0 | 2> {
  const answer = await client.call("PUT", "/api/v1/policy", { text: source, contentType: `application/${format}` });
  if (answer.status === 422) {
    for (const line of faultLines(file, (answer.json as { readonly faults: readonly PolicyFault[] }).faults)) err(line);
    return 2;
  }
  const { revision, warnings } = client.expect(answer, 200) as {
    readonly revision: string;
    readonly warnings: readonly PolicyFault[];
  };
  for (const line of faultLines(file, warnings)) err(`${line} (warning)`);
  out(`policy ${revision} is running`);
  return 0;
}
