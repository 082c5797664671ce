import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Database } from "./database.ts";
import { storeFailure } from "./failure.ts";
import { lockFolder } from "./folder-lock.ts";
import type { PgliteEngine } from "./pglite-engine.ts";
import { PglitePool, shareSession } from "./pglite-pool.ts";
import { startThread } from "./pglite-thread.ts";
import { copyTemplate } from "./template.ts";

/**
 * Opens the embedded PostgreSQL under `dataDir`/database.
 * Commits reach the operating system before their query resolves, so that `kill -9` loses nothing.
 * @throws PosternError CONFIG_INVALID when a living process has the folder open.
 */
export async function openPglite(dataDir: string): Promise<Database> {
  const unlock = lockFolder(dataDir);
  try {
    const engine = await open(dataDir);
    const session = shareSession(engine);
    return {
      kind: "pglite",
      pool: new PglitePool(session),
      urgent: new PglitePool(session, { urgent: true }),
      poolFor: (schema) => new PglitePool(session, { schema }),
      alive: () => Promise.resolve(!engine.closed),
      async close() {
        // Whoever has the turn finishes first.
        const endTurn = await session.takeTurn();
        try {
          await engine.close();
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
async function open(dataDir: string): Promise<PgliteEngine> {
  const folder = join(dataDir, "database");
  const mark = join(dataDir, "database.made");
  if (!existsSync(mark)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { mode: 0o700 });
    copyTemplate(folder);
  }
  const engine = await startThread(folder);
  writeFileSync(mark, "");
  return engine;
}
