import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { openQueues } from "../../src/queue/queues.ts";
import { writeTemplate } from "../../src/store/template.ts";
import { findServer, startPostgres, startRedis } from "./servers.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of a running server, null when it is not installed. */
    redisUrl: string | null;
    postgresUrl: string | null;
    /** File with a migrated PGlite cluster. */
    pgliteTemplate: string;
  }
}

const BUILD = fileURLToPath(new URL("../../tools/build.mjs", import.meta.url));

/** Once for a whole run: the build that tests start processes of, the servers that all tests share, and a template for fast PGlite databases. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  execFileSync(process.execPath, [BUILD], { stdio: ["ignore", "ignore", "inherit"] });
  const folder = mkdtempSync(join(tmpdir(), "postern-template-"));
  const template = join(folder, "template.tgz");
  const [redis, postgres] = await Promise.all([
    findServer("redis-server") ? startRedis() : null,
    findServer("postgres") ? startPostgres() : null,
    writeTemplate(template, async (database) => (await openQueues({}, database)).close()),
  ]);
  project.provide("redisUrl", redis?.url ?? null);
  project.provide("postgresUrl", postgres?.url ?? null);
  project.provide("pgliteTemplate", template);
  return async () => {
    await Promise.all([redis?.stop(), postgres?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
}
