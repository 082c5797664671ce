import { z } from "zod";
import type { KnownDataEntry } from "../../core/known-data.ts";
import { missing } from "./applied.ts";
import { type KnownDataDependencies, knownNameSchema } from "./exact-data.ts";
import { refuseInUse } from "./known-data-use.ts";
import type { TypedServer } from "./typed-server.ts";

const MOST_CHARACTERS = 64 * 1_048_576;
/** Percent of a document's wording from which on a text counts as a copy, where nobody says. */
const DEFAULT_THRESHOLD = 50;

const documentSchema = z.object({
  name: z.string().describe("of the set, for detectors"),
  document: z.string(),
  shingles: z.number().int().describe("sequences of five words whose hashes are kept"),
  at: z.iso.datetime(),
});
const documentName = z.string().min(1).max(200);

/** Documents whose copies are recognised by their wording; a set of them has one name. */
export function registerFingerprints(server: TypedServer, dependencies: KnownDataDependencies): void {
  const { knownData, knownDataLoading, policies } = dependencies;
  const tags = ["policy"];
  server.get(
    "/api/v1/fingerprints",
    {
      schema: {
        response: { 200: z.object({ items: z.array(documentSchema), next: z.null() }) },
        tags,
        summary: "Documents whose copies detectors can recognise",
      },
    },
    async () => {
      const entries = await knownData.list();
      return { items: entries.filter(({ kind }) => kind === "fingerprint").map(toDocument), next: null };
    },
  );
  server.put(
    "/api/v1/fingerprints/:name",
    {
      bodyLimit: MOST_CHARACTERS * 2,
      schema: {
        params: z.object({ name: knownNameSchema }),
        body: z.strictObject({
          document: documentName,
          text: z.string().max(MOST_CHARACTERS),
          threshold: z.number().min(1).max(100).default(DEFAULT_THRESHOLD).describe("percent of its wording"),
        }),
        response: { 200: documentSchema },
        tags,
        summary: "Adds a document to a set, or replaces it. Only hashes are kept",
      },
    },
    async (request) => {
      const { document, text, threshold } = request.body;
      return toDocument(await knownDataLoading.fingerprint(request.params.name, document, text, threshold));
    },
  );
  server.delete(
    "/api/v1/fingerprints/:name",
    {
      schema: {
        params: z.object({ name: knownNameSchema }),
        querystring: z.strictObject({ document: documentName.optional() }),
        response: { 204: z.null() },
        tags,
        summary: "Removes one document, or a whole set that no detector of the running policy names",
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { document } = request.query;
      if (document === undefined) await refuseInUse(policies, "fingerprint", name);
      const id = { kind: "fingerprint" as const, name, ...(document === undefined ? {} : { document }) };
      if (!(await knownData.remove(id))) throw missing("document");
      return reply.code(204).send(null);
    },
  );
}

function toDocument({ name, document, size, at }: KnownDataEntry): z.input<typeof documentSchema> {
  return { name, document, shingles: size, at: at.toISOString() };
}
