import type { FastifyReply } from "fastify";
import { z } from "zod";
import { PosternError } from "../../core/errors.ts";
import { document, sendProblem } from "../problem.ts";
import type { Applied } from "./policy-access.ts";

export const faultSchema = z.object({
  line: z.number().int(),
  column: z.number().int(),
  path: z.string().describe("for instance rules[0].when.detectors[1].threshold"),
  reason: z.string(),
});
/** Answers of every route that changes the policy. */
export const appliedSchema = z.object({ revision: z.string(), warnings: z.array(faultSchema) });
export const faultsSchema = z
  .looseObject({ status: z.literal(422), code: z.literal("POLICY_INVALID"), faults: z.array(faultSchema) })
  .describe("a problem document with every fault; the running policy stays");

/** An object of the policy as `/api/policy.schema.json` defines it; what is wrong with it is said with its place. */
export const writtenSchema = z.record(z.string(), z.unknown());

/** The answer to a change that went through. @returns undefined after faults were sent as a 422 problem. */
export function accepted(reply: FastifyReply, applied: Applied): z.input<typeof appliedSchema> | undefined {
  if (applied.ok) return { revision: applied.revision, warnings: [...applied.warnings] };
  const reason = "the policy would have faults; the running one stays";
  sendProblem(reply, document("POLICY_INVALID", 422, reason, { faults: applied.faults }));
  return undefined;
}

/** The bearer token is one automation, not a person. */
export const BY_TOKEN = "admin-token";

/** Ids of a policy have the same form everywhere. */
export const policyIdParams = z.object({ id: z.string().min(1).max(64) });

export function missing(what: string): PosternError {
  return new PosternError("NOT_FOUND", `there is no such ${what} in the running policy`);
}
