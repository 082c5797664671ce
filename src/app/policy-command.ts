import { applyPolicy, faultLines } from "../cli/policy.ts";
import { errorLine, outputLine } from "./command-line.ts";
import { loadPolicyFile, selfContainedPolicy } from "./read-policy.ts";
import { serviceClient } from "./service-client.ts";

export async function check(file: string): Promise<0 | 2> {
  const loaded = loadPolicyFile(file);
  if (!loaded.ok) {
    for (const line of faultLines(file, loaded.faults)) errorLine(line);
    return 2;
  }
  for (const line of faultLines(file, loaded.warnings)) errorLine(`${line} (warning)`);
  outputLine(`${file}: no faults, revision ${loaded.revision}`);
  return 0;
}

export async function apply(file: string): Promise<0 | 2> {
  if ((await check(file)) === 2) return 2;
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
