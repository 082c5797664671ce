import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
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

/** Makes a cluster in memory, migrates it and writes it to `path` as one packed file (about 5 MB). */
export async function writeTemplate(path: string): Promise<void> {
  const db = await PGlite.create();
  try {
    await migrate(new PglitePool(shareSession(db)));
    const dump = await db.dumpDataDir("gzip");
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, Buffer.from(await dump.arrayBuffer()));
    await rename(draft, path);
  } finally {
    await db.close();
  }
}
