import { PosternError } from "../core/errors.ts";
import { storeFailure } from "./failure.ts";
import { FIRST } from "./migrations/0001-first.ts";
import { GUARDS_AND_DIGESTS } from "./migrations/0002-guards-and-digests.ts";
import { EXPORT } from "./migrations/0003-export.ts";
import { BACKFILL } from "./migrations/0004-backfill.ts";
import { SIMULATIONS } from "./migrations/0006-simulations.ts";
import { EVENT_RETENTION } from "./migrations/0007-event-retention.ts";
import { KNOWN_DATA } from "./migrations/0008-known-data.ts";
import type { PoolClientLike, PoolLike } from "./pool.ts";

/** In order; the version of the schema is how many of them ran. Never edit one that was released: add the next. */
const MIGRATIONS: readonly string[] = [
  FIRST,
  GUARDS_AND_DIGESTS,
  EXPORT,
  BACKFILL,
  SIMULATIONS,
  EVENT_RETENTION,
  KNOWN_DATA,
];

/** Key of the advisory lock that makes two starters take turns: the bytes of `POST`. */
const LOCK_KEY = 0x50_4f_53_54;

/**
 * Brings the schema up to date, in one transaction, once, however many processes start together.
 * @throws PosternError CONFIG_INVALID when a newer Postern wrote the database.
 */
export async function migrate(pool: PoolLike): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query(`select pg_advisory_xact_lock(${LOCK_KEY})`);
    await apply(client, await versionOf(client));
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw storeFailure(error);
  } finally {
    client.release();
  }
}

async function versionOf(client: PoolClientLike): Promise<number> {
  const found = await client.query<{ present: boolean }>(
    "select to_regclass('postern.schema_version') is not null as present",
  );
  if (found.rows[0]?.present !== true) return 0;
  const { rows } = await client.query<{ version: number }>(
    "select coalesce(max(version), 0)::int as version from postern.schema_version",
  );
  return rows[0]?.version ?? 0;
}

async function apply(client: PoolClientLike, version: number): Promise<void> {
  if (version > MIGRATIONS.length) {
    throw new PosternError(
      "CONFIG_INVALID",
      `The database was written by a newer Postern (schema ${version}, this one knows ${MIGRATIONS.length}): start that version, or restore a backup from before its upgrade`,
      { details: { schema: version, known: MIGRATIONS.length } },
    );
  }
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version) continue;
    await client.query(sql);
    await client.query("insert into postern.schema_version (version, at) values ($1, now())", [index + 1]);
  }
}
