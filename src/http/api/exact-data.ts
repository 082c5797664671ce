import { z } from "zod";
import type { KnownDataEntry, KnownDataStore } from "../../core/known-data.ts";
import { missing } from "./applied.ts";
import { refuseInUse } from "./known-data-use.ts";
import type { PolicyDependencies } from "./policy-access.ts";
import type { TypedServer } from "./typed-server.ts";

/** Hashes what is handed in, and stores the hashes alone. @throws PosternError REQUEST_INVALID with the reason. */
export interface KnownDataLoading {
  exactData(
    name: string,
    csv: Uint8Array,
    columns: { readonly primary: string; readonly supporting: readonly string[]; readonly minSupporting?: number },
  ): Promise<{ readonly entry: KnownDataEntry; readonly leftOut: number }>;
  /** @param threshold percent of the document from which on a text counts as a copy */
  fingerprint(name: string, document: string, text: string, threshold: number): Promise<KnownDataEntry>;
}

export interface KnownDataDependencies extends PolicyDependencies {
  readonly knownData: KnownDataStore;
  readonly knownDataLoading: KnownDataLoading;
}

/** A million rows with a name, a date and an address take some 70 MB. */
const MOST_BYTES = 512 * 1_048_576;

export const knownNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const tableSchema = z.object({
  name: z.string(),
  rows: z.number().int().describe("with a value that can be looked for"),
  bytes: z.number().int().describe("of the hashes"),
  at: z.iso.datetime(),
});

/** Tables of known values: CSV in, salted keyed hashes kept. In a scope of its own: it alone takes `text/csv`. */
export function registerExactData(server: TypedServer, dependencies: KnownDataDependencies): void {
  const { knownData, knownDataLoading, policies } = dependencies;
  server.addContentTypeParser("text/csv", { parseAs: "buffer", bodyLimit: MOST_BYTES }, (_request, body, done) =>
    done(null, body),
  );
  const tags = ["policy"];
  server.get(
    "/api/v1/exact-data",
    {
      schema: {
        response: { 200: z.object({ items: z.array(tableSchema), next: z.null() }) },
        tags,
        summary: "Tables of known values that detectors can name",
      },
    },
    async () => {
      const entries = await knownData.list();
      return { items: entries.filter(({ kind }) => kind === "exact-data").map(toTable), next: null };
    },
  );
  server.put(
    "/api/v1/exact-data/:name",
    {
      bodyLimit: MOST_BYTES,
      schema: {
        params: z.object({ name: knownNameSchema }),
        querystring: z.strictObject({
          primary: z.string().min(1).describe("column whose values are looked for"),
          supporting: z.string().default("").describe("columns, separated by commas, whose values speak for one"),
          minSupporting: z.coerce.number().int().min(0).max(16).optional(),
        }),
        body: z.instanceof(Uint8Array),
        consumes: ["text/csv"],
        response: { 200: tableSchema.extend({ leftOut: z.number().int().describe("rows without such a value") }) },
        tags,
        summary: "Adds or replaces a table; its first line names the columns. Only hashes are kept",
      },
    },
    async (request) => {
      const { primary, supporting, minSupporting } = request.query;
      const columns = supporting.split(",").flatMap((column) => (column.trim() === "" ? [] : [column.trim()]));
      const { entry, leftOut } = await knownDataLoading.exactData(request.params.name, request.body, {
        primary,
        supporting: columns,
        ...(minSupporting === undefined ? {} : { minSupporting }),
      });
      return { ...toTable(entry), leftOut };
    },
  );
  server.delete(
    "/api/v1/exact-data/:name",
    {
      schema: {
        params: z.object({ name: knownNameSchema }),
        response: { 204: z.null() },
        tags,
        summary: "Removes a table that no detector of the running policy names",
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      await refuseInUse(policies, "exactData", name);
      if (!(await knownData.remove({ kind: "exact-data", name }))) throw missing("table of exact data");
      return reply.code(204).send(null);
    },
  );
}

function toTable({ name, size, bytes, at }: KnownDataEntry): z.input<typeof tableSchema> {
  return { name, rows: size, bytes, at: at.toISOString() };
}
