import type { ActionKind } from "../core/action.ts";
import { PosternError } from "../core/errors.ts";
import type { NoticeOccasion, Policy } from "../core/policy.ts";
import type { Clock, Vault } from "../core/ports.ts";
import type { NewAction, QuarantineItem, QuarantineState, StoredAction } from "../core/records.ts";
import type { ActionStore, QuarantineStore } from "../core/store.ts";
import { TAKING } from "../pipeline/act.ts";
import type { DirectoryFacts } from "../pipeline/directory-facts.ts";
import { newLease } from "../pipeline/lease.ts";
import { people } from "../pipeline/people.ts";
import { actionId } from "../pipeline/plan.ts";
import { effectiveSettings } from "../policy/settings.ts";
import { refuseOwnMessage } from "./own-message.ts";

export interface QuarantineDependencies {
  readonly quarantine: QuarantineStore;
  readonly actions: ActionStore;
  readonly vault: Vault;
  readonly policy: () => Promise<Policy>;
  readonly directory: (tenantId: string) => Promise<DirectoryFacts>;
  /** Has the actions of a message done now. */
  readonly wake: (messageId: string) => Promise<void>;
  readonly clock: Clock;
}

/** Who decides, and why. */
export interface Decision {
  readonly by: string;
  readonly reason: string | null;
  /** Mail address of the one who decides, where it is known: it must not be his own message. */
  readonly person?: string;
}

/** After the steps of `plan`, whose notices are step 3: what was planned with the verdict comes first. */
const RESTORE_STEP = 4;
const NOTICE_STEP = 5;

/**
 * Gives a held message back: every copy that was taken returns to where it was, and what was not sent yet is sent.
 * @throws PosternError NOT_FOUND; FORBIDDEN for one's own; CONFLICT when it is final, or somebody else was faster (`details.state`).
 */
export async function release(
  id: string,
  decision: Decision,
  dependencies: QuarantineDependencies,
): Promise<QuarantineItem> {
  const item = await existing(id, dependencies);
  await refuseOwn(item, decision, dependencies);
  await requireReason(item, decision, dependencies);
  if (item.final && item.state === "held")
    throw new PosternError("CONFLICT", "a blocked message is final and cannot be released", {
      details: { state: item.state },
    });
  return end(item, "released", "restore", "release", decision, dependencies);
}

/** Destroys a held message: the sealed copy and those in the mailboxes. Its hash stays in the record. */
export async function remove(
  id: string,
  decision: Decision,
  dependencies: QuarantineDependencies,
): Promise<QuarantineItem> {
  const item = await existing(id, dependencies);
  await refuseOwn(item, decision, dependencies);
  await requireReason(item, decision, dependencies);
  return destroy(item, "deleted", "delete", decision, dependencies);
}

async function refuseOwn(
  item: QuarantineItem,
  { person }: Decision,
  { directory }: QuarantineDependencies,
): Promise<void> {
  if (person !== undefined) refuseOwnMessage(item, person, await directory(item.tenantId));
}

/** The scope of the sender says whether a decision needs a reason; one that comes too late is told so instead. */
async function requireReason(
  item: QuarantineItem,
  { reason }: Decision,
  { policy }: QuarantineDependencies,
): Promise<void> {
  if (item.state !== "held" || reason !== null) return;
  if (effectiveSettings(await policy(), item.sender)["quarantine.require-reason"])
    throw new PosternError("REQUEST_INVALID", "a reason is required (quarantine.require-reason)");
}

/** Ends what nobody decided about in time. */
export async function expire(dependencies: QuarantineDependencies, signal: AbortSignal): Promise<void> {
  const decision = { by: "system", reason: "nobody decided in time" };
  while (!signal.aborted) {
    const due = await dependencies.quarantine.expired(dependencies.clock.now(), 100);
    if (due.length === 0) return;
    for (const item of due) await destroy(item, "expired", "expire", decision, dependencies).catch(unlessDecided);
  }
}

async function destroy(
  item: QuarantineItem,
  to: "deleted" | "expired",
  occasion: NoticeOccasion,
  decision: Decision,
  dependencies: QuarantineDependencies,
): Promise<QuarantineItem> {
  const ended = await end(item, to, "purge", occasion, decision, dependencies);
  await dependencies.vault.remove(item.tenantId, item.vaultKey);
  return ended;
}

async function end(
  item: QuarantineItem,
  to: Exclude<QuarantineState, "held">,
  kind: ActionKind,
  occasion: NoticeOccasion,
  decision: Decision,
  dependencies: QuarantineDependencies,
): Promise<QuarantineItem> {
  const { actions, clock } = dependencies;
  const all = await actions.forMessage(item.incident);
  const taken = all.filter((action) => TAKING.has(action.kind));
  const undone = taken.filter((action) => action.state === "done" || action.state === "planned");
  const next = [
    ...undone.map((action) => newAction(item, undoing(action, kind), action.target, RESTORE_STEP, theRest(item, all))),
    ...(await notices(item, occasion, dependencies)),
  ];
  const ended = await dependencies.quarantine.transition(item.id, to, decision.by, decision.reason, next, clock.now());
  if (kind === "restore") await callOff(taken, dependencies);
  await dependencies.wake(item.incident);
  return ended;
}

/** A message that was kept from leaving is released by letting it leave. */
function undoing(taken: StoredAction, kind: ActionKind): ActionKind {
  return kind === "restore" && taken.kind === "hold" ? "send-released" : kind;
}

/** Those who got an unsent message already (`split`) do not get it again. */
function theRest(item: QuarantineItem, all: readonly StoredAction[]): NewAction["input"] {
  const served = all
    .filter(({ kind, state }) => kind === "send-allowed" && (state === "done" || state === "planned"))
    .flatMap(({ input }) => input.recipients as readonly string[]);
  return served.length === 0 ? {} : { recipients: item.recipients.filter((address) => !served.includes(address)) };
}

/** What was planned and not begun must not take copies away after the release. */
async function callOff(taking: readonly StoredAction[], { actions, clock }: QuarantineDependencies): Promise<void> {
  for (const action of taking.filter((candidate) => candidate.state === "planned")) {
    const lease = newLease(clock);
    if (await actions.claim(action.id, lease, clock.now()))
      await actions.finish(action.id, lease.token, { state: "not-possible", reason: "released" }, clock.now());
  }
}

async function notices(
  item: QuarantineItem,
  occasion: NoticeOccasion,
  dependencies: QuarantineDependencies,
): Promise<NewAction[]> {
  const [policy, directory] = await Promise.all([dependencies.policy(), dependencies.directory(item.tenantId)]);
  return people(effectiveSettings(policy, item.sender), occasion, item.sender, directory).map((person) => ({
    ...newAction(item, "notify", person.address, NOTICE_STEP, { occasion, audience: person.audience }),
    ...(person.problem === null ? {} : { state: "not-possible" as const, reason: person.problem }),
  }));
}

function newAction(
  item: QuarantineItem,
  kind: ActionKind,
  target: string,
  step: number,
  input: NewAction["input"],
): NewAction {
  const occasion = typeof input.occasion === "string" ? `\n${input.occasion}` : "";
  return {
    id: actionId(`quarantine\n${item.id}${occasion}`, kind, target),
    kind,
    target,
    step,
    state: "planned",
    reason: null,
    input,
  };
}

async function existing(id: string, { quarantine }: QuarantineDependencies): Promise<QuarantineItem> {
  const item = await quarantine.get(id);
  if (!item) throw new PosternError("NOT_FOUND", "there is no such quarantined message");
  return item;
}

/** A manager was faster than the clock: his decision stands. */
function unlessDecided(error: unknown): void {
  if (!(error instanceof PosternError && error.code === "CONFLICT")) throw error;
}
