import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { findServer, startPostgres, startRedis } from "./servers.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of a running server, null when it is not installed. */
    redisUrl: string | null;
    postgresUrl: string | null;
  }
}

const BUILD = fileURLToPath(new URL("../../tools/build.mjs", import.meta.url));

/** Once for a whole run: the build (tests start processes of it, and databases from its template) and the servers that all tests share. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  execFileSync(process.execPath, [BUILD], { stdio: ["ignore", "ignore", "inherit"] });
  const [redis, postgres] = await Promise.all([
    findServer("redis-server") ? startRedis() : null,
    findServer("postgres") ? startPostgres() : null,
  ]);
  project.provide("redisUrl", redis?.url ?? null);
  project.provide("postgresUrl", postgres?.url ?? null);
  return async () => {
    await Promise.all([redis?.stop(), postgres?.stop()]);
  };
}
