import { z } from "zod";
import type { PolicyFault } from "../../policy/load.ts";
import type { RescanNeed } from "../../policy/rescan.ts";
import type { ChangeRow, Simulation } from "../../policy/simulate.ts";
import { document, sendProblem } from "../problem.ts";
import { faultsSchema, writtenSchema } from "./applied.ts";
import type { Edits, PolicyFormat } from "./policy-access.ts";
import { verdictSchema } from "./records.ts";
import { changeSchema, scopeEdits } from "./settings.ts";
import { time } from "./times.ts";
import type { TypedServer } from "./typed-server.ts";

const WEEK_MS = 7 * 86_400_000;
/** Rows of one table of the answer; the largest counts come first. */
const MOST_ROWS = 500;

export interface SimulationRequest {
  readonly policy?: { readonly source: string; readonly format: PolicyFormat };
  /** Changes of the running policy, instead of another one. */
  readonly edits?: Edits;
  readonly since: Date;
  readonly until: Date;
  readonly tenant?: string;
  /** Read the mail again instead of what was kept with it. */
  readonly rescan: boolean;
}

export type SimulationAnswer =
  | {
      readonly ok: true;
      readonly revision: string;
      readonly simulation: Simulation;
      /** What only reading the mail again tells. */
      readonly open: readonly RescanNeed[];
      /** Messages that were read again; the others were decided from what was kept with them. */
      readonly readAgain: number;
      /** Messages with more findings than were kept. */
      readonly lowerBounds: number;
      /** The past was longer than is read at once; the oldest messages were left out. */
      readonly truncated: boolean;
    }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] };

export interface SimulationRouteDependencies {
  readonly simulate: (request: SimulationRequest) => Promise<SimulationAnswer>;
  readonly now: () => Date;
}

const rowsSchema = z.array(
  z.object({
    name: z.string(),
    from: verdictSchema,
    to: verdictSchema,
    count: z.number().int(),
    examples: z.array(
      z.object({
        message: z.string().describe("id of the message's record"),
        sender: z.string(),
        subject: z.string(),
        findings: z.array(
          z.object({
            detector: z.string(),
            part: z.string(),
            count: z.number().int(),
            masked: z.array(z.string()),
          }),
        ),
      }),
    ),
  }),
);
const answerSchema = z.object({
  revision: z.string().describe("that the policy would have"),
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  messages: z.number().int(),
  changed: z.number().int().describe("messages whose verdict would be another one"),
  verdicts: rowsSchema,
  rules: rowsSchema,
  senders: rowsSchema,
  recipientDomains: rowsSchema.describe("counts recipients"),
  wouldAct: z
    .array(z.object({ rule: z.string(), verdict: verdictSchema, messages: z.number().int() }))
    .describe("messages in which each rule would act"),
  open: z
    .array(z.object({ rule: z.string(), reason: z.string() }))
    .describe("what kept findings cannot tell; only reading the mail again does"),
  readAgain: z.number().int().describe("messages that rescan read; the others by what was kept with them"),
  lowerBounds: z.number().int().describe("messages with more findings than were kept"),
  truncated: z.boolean().describe("only the newest messages of the time were looked at"),
});
const bodySchema = z.strictObject({
  policy: z.union([z.string(), writtenSchema]).optional().describe("the text (YAML or JSON) or the document"),
  change: changeSchema.optional().describe("a change of the running policy, as PATCH /api/v1/settings takes it"),
  since: time().optional().describe("seven days ago when left out"),
  until: time().optional().describe("now when left out"),
  tenant: z.string().max(200).optional(),
  rescan: z.boolean().default(false).describe("reads the mail again through the provider: slow, the newest 2,000"),
});

export function registerSimulations(server: TypedServer, { simulate, now }: SimulationRouteDependencies): void {
  server.post(
    "/api/v1/simulations",
    {
      schema: {
        body: bodySchema,
        response: { 200: answerSchema, 422: faultsSchema },
        tags: ["policy"],
        summary: "Decides past messages again under another policy; nothing is acted on and nothing is stored",
      },
    },
    async (request, reply) => {
      const { policy, change, tenant, rescan } = request.body;
      const until = request.body.until ?? now();
      const since = request.body.since ?? new Date(until.getTime() - WEEK_MS);
      const answer = await simulate({
        ...(policy === undefined ? {} : { policy: textOf(policy) }),
        ...(change === undefined ? {} : { edits: (running) => scopeEdits(change, running) }),
        ...(tenant === undefined ? {} : { tenant }),
        since,
        until,
        rescan,
      });
      if (!answer.ok)
        return sendProblem(reply, document("POLICY_INVALID", 422, "the policy has faults", { faults: answer.faults }));
      const { simulation, revision, open, lowerBounds, truncated, readAgain } = answer;
      const { messages, changed, wouldAct } = simulation;
      return {
        ...{ revision, messages, changed, lowerBounds, truncated, readAgain },
        since: since.toISOString(),
        until: until.toISOString(),
        verdicts: rows(simulation.verdicts),
        rules: rows(simulation.rules),
        senders: rows(simulation.senders),
        recipientDomains: rows(simulation.recipientDomains),
        wouldAct: [...wouldAct],
        open: [...open],
      };
    },
  );
}

function textOf(policy: string | object): { readonly source: string; readonly format: PolicyFormat } {
  if (typeof policy !== "string") return { source: JSON.stringify(policy), format: "json" };
  return { source: policy, format: policy.trimStart().startsWith("{") ? "json" : "yaml" };
}

function rows(table: readonly ChangeRow[]): z.input<typeof rowsSchema> {
  return table.slice(0, MOST_ROWS).map(({ name, from, to, count, examples }) => ({
    ...{ name, from, to, count },
    examples: examples.map(({ message, sender, subject, findings }) => ({
      ...{ message, sender, subject },
      findings: findings.map(({ detector, part, count: found, masked }) => ({
        ...{ detector, part, count: found },
        masked: [...masked],
      })),
    })),
  }));
}
