import { describe, expect, it, onTestFinished } from "vitest";
import { migrate } from "../../src/store/migrate.ts";
import { DATABASES, newDatabase } from "../support/servers-databases.ts";

for (const { kind, title, missing } of DATABASES)
  describe.skipIf(missing)(`migrations on ${title}`, () => {
    it("run once when several starters race", async () => {
      const { database, remove } = await newDatabase(kind);
      onTestFinished(remove);
      const versions = async (): Promise<readonly unknown[]> =>
        (await database.pool.query("select version from postern.schema_version order by version")).rows;
      const before = await versions();
      await database.pool.query("drop schema postern cascade");
      await Promise.all([1, 2, 3, 4].map(() => migrate(database.pool)));
      expect(await versions()).toEqual(before);
      expect(before).not.toEqual([]);
    });

    it("refuse a database that a newer version wrote, and leave it as it is", async () => {
      const { database, remove } = await newDatabase(kind);
      onTestFinished(remove);
      await database.pool.query("insert into postern.schema_version (version, at) values (99, now())");
      await expect(migrate(database.pool)).rejects.toMatchObject({
        code: "CONFIG_INVALID",
        message: expect.stringContaining("newer Postern (schema 99"),
      });
      await expect(database.pool.query("select 1")).resolves.toBeDefined();
    });
  });
