import { faultLines } from "../cli/policy.ts";
import { connectTenant, listTenants } from "../cli/tenant.ts";
import { PosternError } from "../core/errors.ts";
import { readSource } from "../policy/source.ts";
import { outputLine } from "./command-line.ts";
import { readPolicyFile } from "./read-policy.ts";
import { serviceClient } from "./service-client.ts";

export async function connect(file: string): Promise<0 | 1> {
  return connectTenant(JSON.stringify(readSettings(file)), serviceClient(), outputLine);
}

export function list(): Promise<0> {
  return listTenants(serviceClient(), outputLine);
}

/** YAML or JSON, as a policy is. What the document says is judged by the service. */
function readSettings(file: string): unknown {
  const { source, format } = readPolicyFile(file);
  const { value, faults } = readSource(source, format);
  if (faults.length > 0) throw new PosternError("REQUEST_INVALID", faultLines(file, faults).join("\n"));
  return value;
}
