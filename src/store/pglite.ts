import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
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
    const db = await open(dataDir, template);
    const session = shareSession(db);
    return {
      kind: "pglite",
      pool: new PglitePool(session),
      urgent: new PglitePool(session, { urgent: true }),
      poolFor: (schema) => new PglitePool(session, { schema }),
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

/** A start that is killed half-way leaves no mark, and the next one begins anew. */
async function open(dataDir: string, template: string | undefined): Promise<PGlite> {
  const folder = join(dataDir, "database");
  const mark = join(dataDir, "database.made");
  if (existsSync(mark)) return await PGlite.create({ dataDir: folder, relaxedDurability: false });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  const prepared = await readTemplate(template);
  const db = await PGlite.create({
    dataDir: folder,
    relaxedDurability: false,
    ...(prepared && { loadDataDir: prepared }),
  });
  writeFileSync(mark, "");
  return db;
}
