import { connectTenant, listTenants } from "../cli/tenant.ts";
import { outputLine } from "./command-line.ts";
import { readSettingsFile } from "./read-settings.ts";
import { serviceClient } from "./service-client.ts";

export async function connect(file: string): Promise<0 | 1> {
  return connectTenant(JSON.stringify(readSettingsFile(file)), serviceClient(), outputLine);
}

export function list(): Promise<0> {
  return listTenants(serviceClient(), outputLine);
}
