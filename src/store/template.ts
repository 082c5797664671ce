import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import type { Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import { PglitePool, shareSession } from "./pglite-pool.ts";

/** Beside the built module, seen from there and from the source. */
const PLACES = ["./template.tgz", "../../dist/src/store/template.tgz"];

/**
 * Reads the prepared cluster that shortens the first start (unpacking it costs a quarter of `initdb`).
 * Undefined when there is none; then the caller starts from nothing.
 */
export async function readTemplate(path: string | undefined): Promise<Blob | undefined> {
  const file = path ?? PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find(existsSync);
  return file === undefined || !existsSync(file) ? undefined : new Blob([await readFile(file)]);
}

/**
 * Makes a cluster in memory, migrates it and writes it to `path` as one packed file (about 5 MB).
 * `prepare` adds what other rooms keep in the database: the queue's tables take longer to make than ours.
 */
export async function writeTemplate(
  path: string,
  prepare: (database: Pick<Database, "poolFor">) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const db = await PGlite.create();
  try {
    const session = shareSession(db);
    await migrate(new PglitePool(session));
    await prepare({ poolFor: (schema) => new PglitePool(session, { schema }) });
    const dump = await db.dumpDataDir("gzip");
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, Buffer.from(await dump.arrayBuffer()));
    await rename(draft, path);
  } finally {
    await db.close();
  }
}
