import { openApiClient } from "../cli/api-client.ts";
import { applyPolicy, faultLines } from "../cli/policy.ts";
import { apiAddress, errorLine, outputLine } from "./command-line.ts";
import { readConfig } from "./config.ts";
import { loadPolicyFile, selfContainedPolicy } from "./read-policy.ts";

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
  return applyPolicy(file, source, format, client(), outputLine, errorLine);
}

export async function show(asJson: boolean): Promise<0> {
  const api = client();
  const answer = await api.call("GET", "/api/v1/policy", undefined, asJson ? "application/json" : "application/yaml");
  api.expect(answer, 200);
  process.stdout.write(answer.text.endsWith("\n") ? answer.text : `${answer.text}\n`);
  return 0;
}

function client() {
  const config = readConfig(process.env, process.cwd());
  return openApiClient(apiAddress(config), config.POSTERN_ADMIN_TOKEN);
}
