import { simulatePolicy } from "../cli/policy-simulate.ts";
import { pointInTime } from "../cli/time.ts";
import { errorLine, outputLine } from "./command-line.ts";
import { selfContainedPolicy } from "./read-policy.ts";
import { serviceClient } from "./service-client.ts";

/** @param options times as `pointInTime` reads them */
export function simulate(
  file: string,
  options: { readonly since: string; readonly until?: string; readonly tenant?: string; readonly json?: boolean },
): Promise<0 | 2> {
  const now = new Date();
  const { source } = selfContainedPolicy(file);
  const { tenant } = options;
  const asked = {
    since: pointInTime(options.since, now),
    until: options.until === undefined ? now : pointInTime(options.until, now),
    json: options.json === true,
    ...(tenant === undefined ? {} : { tenant }),
  };
  return simulatePolicy(file, source, asked, serviceClient(), outputLine, errorLine);
}
