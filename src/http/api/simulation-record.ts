import { z } from "zod";
import type { SimulationState, StoredSimulation } from "../../core/simulation.ts";
import type { RescanNeed } from "../../policy/rescan.ts";
import type { ChangeRow, Simulation } from "../../policy/simulate.ts";
import { verdictSchema } from "./records.ts";

/** Rows of one table of the answer; the largest counts come first. */
const MOST_ROWS = 500;

/** What a finished simulation found out. */
export interface SimulationFindings {
  readonly simulation: Simulation;
  /** That the policy would have. */
  readonly revision: string;
  readonly since: Date;
  readonly until: Date;
  /** Rules that would begin to act. */
  readonly enables: readonly string[];
  /** What only reading the mail again tells. */
  readonly open: readonly RescanNeed[];
  /** Messages that were read again; the others were decided from what was kept with them. */
  readonly readAgain: number;
  /** Messages with more findings than were kept. */
  readonly lowerBounds: number;
  /** There were more messages than asked for; the oldest were left out. */
  readonly truncated: boolean;
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
const resultSchema = z.object({
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
  enables: z.array(z.string()).describe("rules that would begin to act: new, newly selected, or out of monitor mode"),
  open: z
    .array(z.object({ rule: z.string(), reason: z.string() }))
    .describe("what kept findings cannot tell; only reading the mail again does"),
  readAgain: z.number().int().describe("messages that rescan read; the others by what was kept with them"),
  lowerBounds: z.number().int().describe("messages with more findings than were kept"),
  truncated: z.boolean().describe("only the newest messages of the time were looked at"),
});
const STATES = ["running", "done", "failed", "cancelled"] as const satisfies readonly SimulationState[];
export const simulationSchema = z.object({
  id: z.string(),
  state: z.enum(STATES),
  reason: z.string().nullable().describe("of one that failed: `interrupted` when the process that ran it ended"),
  done: z.number().int().describe("messages decided so far"),
  total: z.number().int(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  result: resultSchema.nullable().describe("null until it is done"),
});

type Result = z.input<typeof resultSchema>;

/** As it is kept and served. */
export function resultOf(findings: SimulationFindings): Result {
  const { simulation, since, until, enables, open, ...rest } = findings;
  const { messages, changed, wouldAct } = simulation;
  return {
    ...rest,
    ...{ messages, changed },
    since: since.toISOString(),
    until: until.toISOString(),
    verdicts: rows(simulation.verdicts),
    rules: rows(simulation.rules),
    senders: rows(simulation.senders),
    recipientDomains: rows(simulation.recipientDomains),
    wouldAct: [...wouldAct],
    enables: [...enables],
    open: [...open],
  };
}

export function showSimulation(stored: StoredSimulation): z.input<typeof simulationSchema> {
  const { id, state, reason, done, total, createdAt, endedAt, result } = stored;
  return {
    ...{ id, state, reason, done, total },
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    // Written by `resultOf`.
    result: result as Result | null,
  };
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
