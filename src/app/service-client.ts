import { type ApiClient, openApiClient } from "../cli/api-client.ts";
import { apiAddress } from "./command-line.ts";
import { readConfig } from "./config.ts";

/** A client of the running service that the configuration names. */
export function serviceClient(): ApiClient {
  const config = readConfig(process.env, process.cwd());
  return openApiClient(apiAddress(config), config.POSTERN_ADMIN_TOKEN);
}
