import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import pg from "pg";
import { inject } from "vitest";
import { type Database, openDatabase } from "../../src/store/database.ts";

const withoutPostgres = inject("postgresUrl") === null;

/** The backends that a contract suite runs on; the title of a suite that is skipped says why. */
export const DATABASES = [
  { kind: "pglite", missing: false, title: "PGlite" },
  {
    kind: "postgres",
    missing: withoutPostgres,
    title: withoutPostgres ? "PostgreSQL (skipped: postgres is not installed)" : "PostgreSQL",
  },
] as const;

export interface TestDatabase {
  readonly database: Database;
  /** Opens the same data once more: another process (PostgreSQL), or after `database.close()` (PGlite). */
  reopen(): Promise<Database>;
  remove(): Promise<void>;
}

/** An empty, migrated database of its own. */
export async function newDatabase(kind: Database["kind"]): Promise<TestDatabase> {
  return kind === "pglite" ? await newPglite() : await newPostgres();
}

async function newPglite(): Promise<TestDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), "postern-pglite-"));
  const open = (): Promise<Database> => openDatabase({ dataDir });
  const database = await open();
  return {
    database,
    reopen: open,
    async remove() {
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function newPostgres(): Promise<TestDatabase> {
  const url = inject("postgresUrl");
  if (url === null) throw new Error("PostgreSQL is not installed");
  const name = `test_${randomBytes(6).toString("hex")}`;
  const address = new URL(url);
  address.pathname = `/${name}`;
  await administer(url, `create database ${name}`);
  const open = (): Promise<Database> => openDatabase({ databaseUrl: address.href, dataDir: "unused" });
  const database = await open();
  return {
    database,
    reopen: open,
    async remove() {
      await database.close();
      await administer(url, `drop database ${name} with (force)`);
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
