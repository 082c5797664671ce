import { simulatePolicy } from "../cli/policy-simulate.ts";
import { pointInTime } from "../cli/time.ts";
import { errorLine, outputLine } from "./command-line.ts";
import { selfContainedPolicy } from "./read-policy.ts";
import { serviceClient } from "./service-client.ts";

/** Times as `pointInTime` reads them. */
export interface SimulateOptions {
  readonly since: string;
  readonly until?: string;
  readonly tenant?: string;
  readonly json?: boolean;
  readonly rescan?: boolean;
}

export function simulate(file: string, options: SimulateOptions): Promise<0 | 2> {
  const now = new Date();
  const { source } = selfContainedPolicy(file);
  const { tenant } = options;
  const asked = {
    since: pointInTime(options.since, now),
    until: options.until === undefined ? now : pointInTime(options.until, now),
    json: options.json === true,
    rescan: options.rescan === true,
    ...(tenant === undefined ? {} : { tenant }),
  };
  return simulatePolicy(file, source, asked, serviceClient(), outputLine, errorLine);
}
