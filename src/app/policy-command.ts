import { applyPolicy, faultLines } from "../cli/policy.ts";
import { printTrials } from "../cli/policy-try.ts";
import { tryDetectors } from "../detect/try-detectors.ts";
import type { ActivePolicy } from "../pipeline/inspection.ts";
import { errorLine, outputLine } from "./command-line.ts";
import { starter } from "./policies.ts";
import { loadPolicyFile, selfContainedPolicy } from "./read-policy.ts";
import { readText } from "./read-text.ts";
import { serviceClient } from "./service-client.ts";

export async function check(file: string): Promise<0 | 2> {
  return checked(file) === undefined ? 2 : 0;
}

export interface TrialOptions {
  /** `-` for standard input. */
  readonly try: string;
  readonly reveal?: boolean;
}

/** Shows what each detector finds in a text; without a file those of the starter policy. 2 when the file has faults. */
export async function tryText(file: string | undefined, options: TrialOptions): Promise<0 | 2> {
  const active = file === undefined ? starter() : checked(file);
  if (!active) return 2;
  const text = options.try === "-" ? readText("-") : options.try;
  printTrials(tryDetectors(text, active.policy), options.reveal === true, outputLine);
  return 0;
}

export async function apply(file: string): Promise<0 | 2> {
  if (!checked(file)) return 2;
  const { source, format } = selfContainedPolicy(file);
  return applyPolicy(file, source, format, serviceClient(), outputLine, errorLine);
}

export async function show(asJson: boolean): Promise<0> {
  const api = serviceClient();
  const answer = await api.call("GET", "/api/v1/policy", undefined, asJson ? "application/json" : "application/yaml");
  api.expect(answer, 200);
  process.stdout.write(answer.text.endsWith("\n") ? answer.text : `${answer.text}\n`);
  return 0;
}

/** Loads a policy file and tells its faults and warnings; undefined when it has faults. */
function checked(file: string): ActivePolicy | undefined {
  const loaded = loadPolicyFile(file);
  if (!loaded.ok) {
    for (const line of faultLines(file, loaded.faults)) errorLine(line);
    return undefined;
  }
  for (const line of faultLines(file, loaded.warnings)) errorLine(`${line} (warning)`);
  outputLine(`${file}: no faults, revision ${loaded.revision}`);
  return loaded;
}
