import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { openApiClient } from "../cli/api-client.ts";
import { connectTenant, examineTenants, listTenants } from "../cli/tenant.ts";
import { PosternError } from "../core/errors.ts";
import { apiAddress, outputLine } from "./command-line.ts";
import { readConfig } from "./config.ts";

export async function connect(file: string): Promise<0 | 1> {
  return connectTenant(JSON.stringify(readSettings(file)), client(), outputLine);
}

export function list(): Promise<0> {
  return listTenants(client(), outputLine);
}

export function doctor(id: string | undefined): Promise<0 | 1> {
  return examineTenants(id, client(), outputLine);
}

/** JSON is YAML too. What the document says is judged by the service. */
function readSettings(file: string): unknown {
  try {
    return parse(readFileSync(file === "-" ? 0 : file, "utf8"));
  } catch (error) {
    throw new PosternError("REQUEST_INVALID", `${file}: ${error instanceof Error ? error.message : "cannot be read"}`);
  }
}

function client() {
  const config = readConfig(process.env, process.cwd());
  return openApiClient(apiAddress(config), config.POSTERN_ADMIN_TOKEN);
}
