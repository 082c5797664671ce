import { z } from "zod";
import { PosternError } from "../../core/errors.ts";
import type { StoredSimulation } from "../../core/simulation.ts";
import type { PolicyFault } from "../../policy/load.ts";
import { document, sendProblem } from "../problem.ts";
import { faultsSchema, writtenSchema } from "./applied.ts";
import type { Edits, PolicyFormat } from "./policy-access.ts";
import { changeSchema, scopeEdits } from "./settings.ts";
import { showSimulation, simulationSchema } from "./simulation-record.ts";
import { time } from "./times.ts";
import type { TypedServer } from "./typed-server.ts";

const WEEK_MS = 7 * 86_400_000;
/** Seconds that a request waits for the end of a simulation: most of them end sooner, and no proxy gives up by then. */
const WAIT_S = 10;
const MOST_WAIT_S = 50;

export interface SimulationRequest {
  readonly policy?: { readonly source: string; readonly format: PolicyFormat };
  /** Changes of the running policy, instead of another one. */
  readonly edits?: Edits;
  readonly since: Date;
  readonly until: Date;
  readonly tenant?: string;
  /** Read the mail again instead of what was kept with it. */
  readonly rescan: boolean;
  /** Look at so many messages, the newest. */
  readonly most?: number;
}

/** How a simulation began. With faults nothing did. */
export type SimulationStart =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] };

export interface SimulationRouteDependencies {
  readonly simulations: {
    start(request: SimulationRequest): Promise<SimulationStart>;
    /** As it stands, at the latest after so many milliseconds; sooner when it ends. */
    wait(id: string, ms: number): Promise<StoredSimulation | undefined>;
    /** False when it had ended. */
    cancel(id: string): Promise<boolean>;
  };
  readonly now: () => Date;
}

const bodySchema = z.strictObject({
  policy: z.union([z.string(), writtenSchema]).optional().describe("the text (YAML or JSON) or the document"),
  change: changeSchema.optional().describe("a change of the running policy, as PATCH /api/v1/settings takes it"),
  since: time().optional().describe("seven days ago when left out"),
  until: time().optional().describe("now when left out"),
  tenant: z.string().max(200).optional(),
  rescan: z.boolean().default(false).describe("reads the mail again through the provider: slow"),
  most: z.int().min(1).max(100_000_000).optional().describe("looks at so many messages, the newest"),
  wait: z.int().min(0).max(MOST_WAIT_S).default(WAIT_S).describe("seconds to wait for its end before answering 202"),
});
const idParams = z.object({ id: z.string().max(200) });

export function registerSimulations(server: TypedServer, { simulations, now }: SimulationRouteDependencies): void {
  async function found(id: string, waitMs = 0): Promise<StoredSimulation> {
    const simulation = await simulations.wait(id, waitMs);
    if (!simulation) throw new PosternError("NOT_FOUND", "there is no such simulation; they are kept for a day");
    return simulation;
  }

  server.post(
    "/api/v1/simulations",
    {
      schema: {
        body: bodySchema,
        response: { 200: simulationSchema, 202: simulationSchema, 422: faultsSchema },
        tags: ["policy"],
        summary: "Decides past messages again under another policy, and acts on nothing; 202 while it takes longer",
      },
    },
    async (request, reply) => {
      const { policy, change, tenant, rescan, most, wait } = request.body;
      const until = request.body.until ?? now();
      const since = request.body.since ?? new Date(until.getTime() - WEEK_MS);
      const started = await simulations.start({
        ...(policy === undefined ? {} : { policy: textOf(policy) }),
        ...(change === undefined ? {} : { edits: (running) => scopeEdits(change, running) }),
        ...(tenant === undefined ? {} : { tenant }),
        ...(most === undefined ? {} : { most }),
        since,
        until,
        rescan,
      });
      if (!started.ok)
        return sendProblem(reply, document("POLICY_INVALID", 422, "the policy has faults", { faults: started.faults }));
      const simulation = await found(started.id, wait * 1_000);
      reply.header("location", `/api/v1/simulations/${simulation.id}`);
      return reply.code(simulation.state === "running" ? 202 : 200).send(showSimulation(simulation));
    },
  );
  server.get(
    "/api/v1/simulations/:id",
    {
      schema: {
        params: idParams,
        querystring: z.object({ wait: z.coerce.number().int().min(0).max(MOST_WAIT_S).default(0) }),
        response: { 200: simulationSchema },
        tags: ["policy"],
        summary: "How far a simulation has come, and its result when it is done; waits for its end as long as asked",
      },
    },
    async (request) => showSimulation(await found(request.params.id, request.query.wait * 1_000)),
  );
  server.post(
    "/api/v1/simulations/:id/cancel",
    { schema: { params: idParams, response: { 200: simulationSchema }, tags: ["policy"] } },
    async (request) => {
      const { id } = request.params;
      await simulations.cancel(id);
      return showSimulation(await found(id));
    },
  );
}

function textOf(policy: string | object): { readonly source: string; readonly format: PolicyFormat } {
  if (typeof policy !== "string") return { source: JSON.stringify(policy), format: "json" };
  return { source: policy, format: policy.trimStart().startsWith("{") ? "json" : "yaml" };
}
