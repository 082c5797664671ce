import { z } from "zod";
import { accepted, appliedSchema, BY_TOKEN, faultsSchema } from "./applied.ts";
import type { PolicyDependencies } from "./policy-access.ts";
import type { TypedServer } from "./typed-server.ts";

export interface SkipListDependencies extends PolicyDependencies {
  /** The words of `default`. */
  readonly defaultSkipList: readonly string[];
}

const skipListSchema = z.object({
  isDefault: z.boolean().describe("the 100 commonest English words"),
  words: z.array(z.string()),
});

export function registerSkipList(server: TypedServer, { policies, defaultSkipList }: SkipListDependencies): void {
  server.get(
    "/api/v1/skip-list",
    { schema: { response: { 200: skipListSchema }, tags: ["policy"], summary: "Words left out before matching" } },
    async () => {
      const { skipList } = (await policies.current()).policy;
      return skipList === "default"
        ? { isDefault: true, words: [...defaultSkipList] }
        : { isDefault: false, words: [...skipList] };
    },
  );
  server.put(
    "/api/v1/skip-list",
    {
      schema: {
        body: z.strictObject({ words: z.union([z.literal("default"), z.array(z.string())]) }),
        response: { 200: appliedSchema, 422: faultsSchema },
        tags: ["policy"],
        summary: "Replaces the words; [] leaves out none, default restores the built-in list",
      },
    },
    async (request, reply) => {
      const { words } = request.body;
      return accepted(reply, await policies.edit(() => [{ kind: "skip-list", words }], BY_TOKEN)) ?? reply;
    },
  );
}
