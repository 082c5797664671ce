import { sql } from "kysely";
import type { BlobStore } from "../core/ports.ts";
import type { Database } from "./database.ts";
import { queriesOn } from "./driver.ts";

/**
 * Rows of this size (bytes) keep memory per statement small: a driver holds a parameter about four times.
 * They travel as base64, which PGlite takes in a quarter of the time of its own bytea parameters.
 */
const CHUNK_BYTES = 1024 * 1024;

/** Blobs in the database, so that they commit, replicate and are backed up with the records that name them. */
export function openBlobStore(database: Database): BlobStore {
  const db = queriesOn(database.pool);
  return {
    async put(key, bytes) {
      await db.transaction().execute(async (trx) => {
        // The row's lock makes two writers of one key take turns.
        await trx
          .insertInto("blobs")
          .values({ key, size: bytes.byteLength })
          .onConflict((conflict) => conflict.column("key").doUpdateSet({ size: bytes.byteLength }))
          .execute();
        await trx.deleteFrom("blob_chunks").where("key", "=", key).execute();
        for (let start = 0, number = 0; start < bytes.byteLength; start += CHUNK_BYTES, number += 1) {
          const chunk = Buffer.from(bytes.subarray(start, start + CHUNK_BYTES)).toString("base64");
          const data = sql<Uint8Array>`decode(${chunk}, 'base64')`;
          await trx.insertInto("blob_chunks").values({ key, number, data }).execute();
        }
      });
    },

    async get(key) {
      // One statement is one snapshot: a writer in between cannot mix its chunks with these.
      const rows = await db
        .selectFrom("blobs")
        .leftJoin("blob_chunks", "blob_chunks.key", "blobs.key")
        .select(sql<string | null>`encode(blob_chunks.data, 'base64')`.as("chunk"))
        .where("blobs.key", "=", key)
        .orderBy("blob_chunks.number")
        .execute();
      if (rows.length === 0) return undefined;
      return Buffer.concat(rows.map((row) => Buffer.from(row.chunk ?? "", "base64")));
    },

    async remove(key) {
      await db.deleteFrom("blobs").where("key", "=", key).execute();
    },
  };
}
