import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import type { Database } from "./database.ts";
import { storeFailure } from "./failure.ts";
import { lockFolder } from "./folder-lock.ts";
import { PglitePool, shareSession } from "./pglite-pool.ts";
import { readTemplate } from "./template.ts";

/**
 * Opens the embedded PostgreSQL under `dataDir`/database.
 * Commits reach the operating system before their query resolves, so that `kill -9` loses nothing.
 * @throws PosternError CONFIG_INVALID when a living process has the folder open.
 */
export async function openPglite(dataDir: string, template: string | undefined): Promise<Database> {
  const unlock = lockFolder(dataDir);
  try {
    const folder = join(dataDir, "database");
    if (!existsSync(folder)) await make(folder, template);
    const db = await PGlite.create({ dataDir: folder, relaxedDurability: false });
    const session = shareSession(db);
    return {
      kind: "pglite",
      pool: new PglitePool(session),
      poolFor: (schema) => new PglitePool(session, schema),
      alive: () => Promise.resolve(!db.closed),
      async close() {
        // Whoever has the turn finishes first.
        const endTurn = await session.takeTurn();
        try {
          if (!db.closed) await db.close();
        } finally {
          endTurn();
          unlock();
        }
      },
    };
  } catch (error) {
    unlock();
    throw storeFailure(error);
  }
}

/** Made under another name and renamed when whole: a start that is killed half-way leaves nothing that looks finished. */
async function make(folder: string, template: string | undefined): Promise<void> {
  const draft = `${folder}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  const prepared = await readTemplate(template);
  const db = await PGlite.create({ dataDir: draft, ...(prepared === undefined ? {} : { loadDataDir: prepared }) });
  await db.close();
  renameSync(draft, folder);
}
