import { z } from "zod";
import { PosternError } from "../../core/errors.ts";
import type { PolicyDependencies } from "./policy-access.ts";
import type { TypedServer } from "./typed-server.ts";

/** What a pattern finds in a text; as the detection engine's test box answers. */
export type PatternTrialResult =
  | { readonly ok: false; readonly fault: { readonly position: number; readonly reason: string } }
  | {
      readonly ok: true;
      readonly seen: string;
      readonly used: string;
      readonly warning: string | null;
      readonly matches: readonly { readonly start: number; readonly end: number; readonly text: string }[];
      readonly count: number;
      readonly millisecondsPerMegabyte: number;
    };

export interface PatternTrialDependencies extends PolicyDependencies {
  readonly tryPattern: (trial: {
    readonly pattern: string;
    readonly text: string;
    readonly view: "normalised" | "raw";
    readonly skipList: "default" | readonly string[];
  }) => PatternTrialResult;
}

const bodySchema = z.strictObject({
  pattern: z.string().min(1).max(10_000).describe("RE2 syntax"),
  text: z.string().max(262_144),
  view: z.enum(["normalised", "raw"]).default("normalised").describe("the `text` of a detector"),
});
const answerSchema = z.object({
  seen: z.string().describe("the text as the pattern saw it"),
  used: z.string().describe("the pattern as it was used"),
  warning: z.string().nullable(),
  matches: z
    .array(z.object({ start: z.number().int(), end: z.number().int(), text: z.string() }))
    .describe("places in the given text; at most 100"),
  count: z.number().int(),
  millisecondsPerMegabyte: z.number(),
});

/** The test box for patterns. Text and matches are the administrator's own and are neither stored nor logged. */
export function registerPatternTrials(server: TypedServer, { policies, tryPattern }: PatternTrialDependencies): void {
  server.post(
    "/api/v1/pattern-trials",
    {
      schema: {
        body: bodySchema,
        response: { 200: answerSchema },
        tags: ["policy"],
        summary: "Shows what a pattern finds in a text, and what it costs; 400 names the place of a fault in it",
      },
    },
    async (request) => {
      const { skipList } = (await policies.current()).policy;
      const result = tryPattern({ ...request.body, skipList });
      if (!result.ok) {
        const { position, reason } = result.fault;
        throw new PosternError("REQUEST_INVALID", `${reason} (character ${position + 1} of the pattern)`, {
          details: { position },
        });
      }
      const { seen, used, warning, matches, count, millisecondsPerMegabyte } = result;
      const shown = matches.map(({ start, end, text }) => ({ start, end, text }));
      return { seen, used, warning, matches: shown, count, millisecondsPerMegabyte };
    },
  );
}
