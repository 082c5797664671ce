import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { connectTenant, examineTenants, listTenants } from "../cli/tenant.ts";
import { PosternError } from "../core/errors.ts";
import { outputLine } from "./command-line.ts";
import { serviceClient } from "./service-client.ts";

export async function connect(file: string): Promise<0 | 1> {
  return connectTenant(JSON.stringify(readSettings(file)), serviceClient(), outputLine);
}

export function list(): Promise<0> {
  return listTenants(serviceClient(), outputLine);
}

export function doctor(id: string | undefined): Promise<0 | 1> {
  return examineTenants(id, serviceClient(), outputLine);
}

/** JSON is YAML too. What the document says is judged by the service. */
function readSettings(file: string): unknown {
  try {
    return parse(readFileSync(file === "-" ? 0 : file, "utf8"));
  } catch (error) {
    throw new PosternError("REQUEST_INVALID", `${file}: ${error instanceof Error ? error.message : "cannot be read"}`);
  }
}
