import { isPosternError } from "../core/errors.ts";
import { type EventStore, INSTALLATION } from "../core/store.ts";
import type { ConsentOutcome, ConsentReturn } from "../http/consent-return.ts";
import type { ConsentStates } from "./consent-state.ts";
import type { Doctor } from "./doctor.ts";

export interface ConsentReturnParts {
  readonly states: ConsentStates;
  readonly doctor: Pick<Doctor, "examine">;
  readonly events: Pick<EventStore, "append">;
  /** The tenant may be watched now: the schedule looks at it. */
  readonly hurry: () => void;
  readonly now: () => Date;
}

/** Judges what came back from an admin-consent page; only a token that the tenant gives makes it true. */
export async function consentReturned(answer: ConsentReturn, parts: ConsentReturnParts): Promise<ConsentOutcome> {
  const question = parts.states.read(answer.state);
  if (!question) return "unknown";
  // A refusal may come back without a tenant; anything else must be the directory that was asked.
  const isFrom = answer.directory.toLowerCase() === question.directory;
  if (!isFrom && (answer.granted || answer.directory !== "")) return "unknown";
  if (!(await parts.states.use(question.nonce))) return "unknown";
  if (!answer.granted) return "denied";
  const outcome = await proof(question.tenant, parts);
  if (outcome !== "unknown") {
    const change = { change: "consent-returned", by: "provider", resource: "tenant", resourceId: question.tenant };
    await parts.events.append(INSTALLATION, "audit", { ...change, outcome }, parts.now());
    parts.hurry();
  }
  return outcome;
}

/** Every check begins with a new token. */
async function proof(tenant: string, { doctor }: ConsentReturnParts): Promise<ConsentOutcome> {
  try {
    const checks = await doctor.examine(tenant);
    return checks.some((check) => check.name === "token" && check.ok) ? "usable" : "not-yet";
  } catch (error) {
    // Disconnected since the question.
    if (isPosternError(error, "NOT_FOUND")) return "unknown";
    throw error;
  }
}
