import { cpSync, renameSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { inBuild } from "./built.ts";
import type { Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import { engineOn } from "./pglite-engine.ts";
import { PglitePool, shareSession } from "./pglite-pool.ts";

/** Copies the prepared cluster into `folder`, which shortens the first start to a tenth of `initdb`. */
export function copyTemplate(folder: string): void {
  cpSync(inBuild("template"), folder, { recursive: true });
}

/**
 * Makes a migrated, empty cluster in the folder `path` (about 40 MB), which must not exist yet.
 * `prepare` adds what other rooms keep in the database: the queue's tables take longer to make than ours.
 * @public The build calls it.
 */
export async function writeTemplate(
  path: string,
  prepare: (database: Pick<Database, "poolFor">) => Promise<void>,
): Promise<void> {
  const draft = `${path}.${process.pid}`;
  const engine = engineOn(await PGlite.create({ dataDir: draft }));
  try {
    const session = shareSession(engine);
    await migrate(new PglitePool(session));
    await prepare({ poolFor: (schema) => new PglitePool(session, { schema }) });
  } finally {
    await engine.close();
  }
  renameSync(draft, path);
}
