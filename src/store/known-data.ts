import type { Selectable } from "kysely";
import type { KnownDataEntry, KnownDataStore } from "../core/known-data.ts";
import { openBlobStore } from "./blobs.ts";
import type { Database } from "./database.ts";
import { queriesOn } from "./driver.ts";
import type { KnownDataTable } from "./tables.ts";

/** Exact data and document fingerprints. The blob is written before the row that names it, and removed after it. */
export function knownDataStore(database: Database): KnownDataStore {
  const db = queriesOn(database.pool);
  const blobs = openBlobStore(database);

  return {
    async put(entry, hashes) {
      const { kind, name, document, size, bytes, revision, at } = entry;
      const blob = blobKey(entry);
      await blobs.put(blob, hashes);
      const old = await db.transaction().execute(async (trx) => {
        const before = await trx
          .selectFrom("known_data")
          .select("blob")
          .where("kind", "=", kind)
          .where("name", "=", name)
          .where("document", "=", document)
          .forUpdate()
          .executeTakeFirst();
        await trx
          .insertInto("known_data")
          .values({ kind, name, document, size, bytes, revision, blob, at })
          .onConflict((conflict) =>
            conflict.columns(["kind", "name", "document"]).doUpdateSet({ size, bytes, revision, blob, at }),
          )
          .execute();
        return before?.blob;
      });
      if (old !== undefined && old !== blob) await blobs.remove(old);
    },

    async list() {
      const rows = await db
        .selectFrom("known_data")
        .selectAll()
        .orderBy("kind")
        .orderBy("name")
        .orderBy("document")
        .execute();
      return rows.map(fromRow);
    },

    read: (entry) => blobs.get(blobKey(entry)),

    async remove({ kind, name, document }) {
      let statement = db.deleteFrom("known_data").where("kind", "=", kind).where("name", "=", name);
      if (document !== undefined) statement = statement.where("document", "=", document);
      const gone = await statement.returning("blob").execute();
      for (const { blob } of gone) await blobs.remove(blob);
      return gone.length > 0;
    },
  };
}

function blobKey({ kind, name, document, revision }: KnownDataEntry): string {
  return `known-data/${kind}/${name}/${document}/${revision}`;
}

function fromRow({ blob: _, ...row }: Selectable<KnownDataTable>): KnownDataEntry {
  return row;
}
