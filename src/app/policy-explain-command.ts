import { faultLines } from "../cli/policy.ts";
import { fetchEffective, printEffective } from "../cli/policy-explain.ts";
import { effectiveFor } from "../http/api/settings.ts";
import { errorLine, outputLine } from "./command-line.ts";
import { loadPolicyFile } from "./read-policy.ts";
import { serviceClient } from "./service-client.ts";

/** What holds for a sender: under a policy file, or under the running policy. 0, or 2 when the file has faults. */
export async function explain(file: string | undefined, sender: string): Promise<0 | 2> {
  if (file === undefined) {
    printEffective(await fetchEffective(sender, serviceClient()), outputLine);
    return 0;
  }
  const loaded = loadPolicyFile(file);
  if (!loaded.ok) {
    for (const line of faultLines(file, loaded.faults)) errorLine(line);
    return 2;
  }
  printEffective(effectiveFor(loaded.policy, sender), outputLine);
  return 0;
}
