import { createHash } from "node:crypto";
import type { DetectorDefinition } from "../core/policy.ts";
import type { Logger, Metrics } from "../core/ports.ts";
import type { EngineOptions } from "../detect/engine.ts";
import type { ChildPool } from "../extract/child-pool.ts";
import { runWithoutKillers } from "../extract/isolate.ts";
import { DEFAULT_LIMITS } from "../extract/limits.ts";
import type { Skip } from "../extract/walk.ts";
import type { ActivePolicy, Inspection, InspectionInput, Inspector } from "./inspection.ts";

/** What the parent asks of a child. `engine` is sent when a child said that it does not know the revision yet. */
export interface ChildRequest {
  readonly input: InspectionInput;
  readonly revision: string;
  readonly engine?: EngineOptions;
  /** Parts that ended an earlier run, not to be opened again. */
  readonly skip: readonly Skip[];
}
export type ChildReply =
  | { readonly kind: "inspection"; readonly inspection: Inspection }
  | { readonly kind: "engine-missing" };

export interface InspectorDependencies {
  readonly pool: ChildPool<ChildRequest, ChildReply>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Extraction and detection in killable child processes: text never crosses a process, and no parser runs in this one.
 * The same bytes under the same policy revision give the same inspection. A child that dies costs the part that it was
 * reading, which becomes a problem; the other parts are kept.
 */
export function openInspector(dependencies: InspectorDependencies): Inspector {
  const { pool, logger, metrics } = dependencies;
  return {
    async inspect(input, policy, signal) {
      let engine: EngineOptions | undefined;
      const request = (skip: readonly Skip[]): ChildRequest => {
        const died = skip.at(-1);
        if (died) {
          metrics.count("postern_child_deaths_total", { reason: died.code });
          logger.warn({ reason: died.code }, "a child process died on a part of a message");
        }
        return { input, revision: engineRevision(policy), skip, ...(engine ? { engine } : {}) };
      };
      // A child that is new, or new to the policy's revision, asks for the detectors first.
      for (let asked = 0; asked < 2; asked++) {
        const outcome = await runWithoutKillers(pool, request, DEFAULT_LIMITS, signal);
        if (!outcome.ok) return unreadable(input, outcome.reason === "memory" ? "too-large" : outcome.reason);
        if (outcome.reply.kind === "inspection") return outcome.reply.inspection;
        engine = engineOptions(policy, logger);
      }
      return unreadable(input, "crash");
    },
    close: () => pool.close(),
  };
}

function engineRevision({ revision, known }: ActivePolicy): string {
  return known === undefined ? revision : `${revision} ${known.revision}`;
}

/** A detector whose data is not there finds nothing; the others go on. */
function engineOptions({ policy, known }: ActivePolicy, logger: Logger): EngineOptions {
  const data = known?.data ?? {};
  const isThere = ({ exactData, fingerprint }: DetectorDefinition): boolean =>
    (exactData === undefined || data.exactData?.tables.has(exactData) === true) &&
    (fingerprint === undefined || data.fingerprints?.has(fingerprint) === true);
  const definitions = policy.detectors.filter(isThere);
  for (const { id } of policy.detectors.filter((definition) => !isThere(definition)))
    logger.warn({ detector: id }, "the exact data or fingerprints that a detector names are not loaded");
  return { definitions, skipList: policy.skipList, testNumbers: policy.testNumbers, ...data };
}

/** Nothing could be read: a value with the reason, so that the policy decides. */
function unreadable(input: InspectionInput, code: Skip["code"]): Inspection {
  return {
    head: null,
    subject: null,
    findings: [],
    evidence: [],
    tallies: [],
    problems: [
      {
        part: input.as === "message" ? "message" : `attachment:${input.name ?? ""}`,
        code,
        detail: "the reading process ended",
      },
    ],
    attachments: [],
    origins: [],
    fingerprint: createHash("sha256").update(input.bytes).digest("hex"),
    status: "failed",
  };
}
