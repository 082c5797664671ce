import { createHash } from "node:crypto";
import type { Logger, Metrics } from "../core/ports.ts";
import type { EngineOptions } from "../detect/engine.ts";
import type { ChildPool } from "../extract/child-pool.ts";
import type { Skip, Unit } from "../extract/walk.ts";
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

/** Wall time for one message (reliability.md section 3). */
const MESSAGE_TIMEOUT_MS = 120_000;
/** Wall time for one part: the child tells when it begins the next. Detection over all parts counts as one. */
const PART_TIMEOUT_MS = 20_000;
/** Runs of one message: each run that dies leaves out the part that killed it. */
const MOST_RUNS = 5;

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
      const skip: Skip[] = [];
      const deadline = Date.now() + MESSAGE_TIMEOUT_MS;
      let engine: EngineOptions | undefined;
      for (let run = 1; run <= MOST_RUNS; run++) {
        const timeoutMs = Math.max(1_000, deadline - Date.now());
        const request = { input, revision: policy.revision, skip, ...(engine ? { engine } : {}) };
        const outcome = await pool.run(request, { timeoutMs, stallMs: PART_TIMEOUT_MS }, signal);
        if (outcome.ok && outcome.reply.kind === "inspection") return outcome.reply.inspection;
        if (outcome.ok) {
          engine = engineOptions(policy);
          run -= 1;
          continue;
        }
        const code = outcome.reason === "memory" ? "too-large" : outcome.reason;
        metrics.count("postern_child_deaths_total", { reason: outcome.reason });
        logger.warn({ reason: outcome.reason, run }, "a child process died while it read a message");
        const killer = outcome.progress as Unit | undefined;
        if (killer === undefined || skip.some((part) => part.index === killer.index) || Date.now() >= deadline)
          return unreadable(input, code);
        skip.push({ ...killer, code });
      }
      return unreadable(input, "crash");
    },
    close: () => pool.close(),
  };
}

function engineOptions({ policy }: ActivePolicy): EngineOptions {
  return { definitions: policy.detectors, skipList: policy.skipList, testNumbers: policy.testNumbers };
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
