import { createHash } from "node:crypto";
import type { ActionKind } from "../core/action.ts";
import type { PastScan, Stage } from "../core/message.ts";
import type { NoticeOccasion, Settings } from "../core/policy.ts";
import type { NewAction } from "../core/records.ts";
import type { TenantMode } from "../core/tenant.ts";
import { compareVerdicts, type RecipientVerdict, type Verdict } from "../core/verdict.ts";
import type { DirectoryFacts } from "./directory-facts.ts";
import { LABELS } from "./labels.ts";
import { managers, people } from "./people.ts";

/** What the plan is made from. Everything in it is known before the first action is tried. */
export interface PlanInput {
  /** Unique per recorded mail: makes the ids of its actions. */
  readonly identity: string;
  readonly sender: string;
  readonly stage: Stage;
  readonly verdict: Verdict;
  readonly recipients: readonly RecipientVerdict[];
  /** The scan itself failed: nothing is known about the content. */
  readonly failed: boolean;
  /** The message leaves encrypted already. */
  readonly encrypted: boolean;
  /** A rule that leaves encryption its turn (`delayEvaluation`) acts, because nobody encrypts this message. */
  readonly delayed?: boolean;
  readonly settings: Settings;
  readonly mode: TenantMode;
  /** A backfill that was not asked to act. */
  readonly unasked?: boolean;
  readonly can: ReadonlySet<ActionKind>;
  readonly directory: DirectoryFacts;
  /** False when no mailbox of the tenant can send notices. */
  readonly canNotify: boolean;
  /** The tenant's sent mail is scanned too: a message that leaves before it is held gets a record of its own there. */
  readonly sentIsScanned?: boolean;
  /** A machine sent it by itself, so nothing is answered to its sender. */
  readonly automatic?: boolean;
  /** Rules that the runaway guard paused because of this message. */
  readonly tripped?: readonly string[];
}

export interface Plan {
  readonly actions: readonly NewAction[];
  /** The message is kept in quarantine; `final` when it can never be released. */
  readonly quarantine: { readonly final: boolean } | null;
}

/** Order within a message: copies are taken back before anything is told, and what was held is returned by then too. */
const STEP = { mark: 0, take: 1, giveBack: 2, tell: 3 } as const;

/**
 * Turns a verdict into actions (table in docs/policies.md). What the provider, the tenant's mode or the nature of a
 * recipient rules out becomes `not-possible` with its reason, so that an auditor sees why nothing happened.
 */
export function plan(input: PlanInput): Plan {
  const response = respond(input);
  const wanted = [...response.actions, ...notices(input, response.occasion), ...guardNotices(input)];
  const unique = new Map<string, NewAction>();
  for (const action of wanted) if (!unique.has(action.id)) unique.set(action.id, restrict(action, input));
  return { actions: [...unique.values()], quarantine: response.quarantine };
}

interface Response {
  readonly actions: readonly NewAction[];
  readonly quarantine: Plan["quarantine"];
  readonly occasion: NoticeOccasion | null;
}

function respond(input: PlanInput): Response {
  if (input.failed) return respondToFailure(input);
  switch (input.verdict) {
    case "allow":
      return { actions: [], quarantine: null, occasion: null };
    case "warn":
      return { actions: [label(input)], quarantine: null, occasion: "warning" };
    case "must-encrypt":
      return respondToMissingEncryption(input);
    case "quarantine":
      return { actions: takeForbidden(input), quarantine: { final: false }, occasion: "quarantine" };
    case "block":
      return { actions: takeForbidden(input), quarantine: { final: true }, occasion: "block" };
  }
}

function respondToFailure(input: PlanInput): Response {
  if (!input.settings["quarantine.on-error"]) return { actions: [], quarantine: null, occasion: "error" };
  return { actions: takeAway(input, "allow"), quarantine: { final: false }, occasion: "error" };
}

function respondToMissingEncryption(input: PlanInput): Response {
  if (input.encrypted) return { actions: [], quarantine: null, occasion: null };
  if (input.settings["quarantine.on-failed-encryption"])
    return {
      actions: [encrypt(input), ...takeAway(input, "must-encrypt")],
      quarantine: { final: false },
      occasion: "quarantine",
    };
  // What is not sent yet goes back to its sender; what was sent can only be marked.
  const others = isUnsent(input.stage) ? holdAndReturn(input, "mustEncrypt") : [label(input)];
  return { actions: [encrypt(input), ...others], quarantine: null, occasion: "block" };
}

/** In the plan even where it cannot be done, so that an auditor sees why a rule acted that acts only then. */
function encrypt(input: PlanInput): NewAction {
  const reason = isUnsent(input.stage) ? null : "clear-mail-already-sent";
  return action(input, "encrypt", input.sender, STEP.mark, {}, reason);
}

function takeForbidden(input: PlanInput): NewAction[] {
  return [...(input.delayed === true ? [encrypt(input)] : []), ...takeAway(input, "quarantine")];
}

/** Takes the sender's copy, and the copies of the recipients whose own verdict is at least `from`. */
function takeAway(input: PlanInput, from: Verdict): NewAction[] {
  if (input.stage !== "sent") {
    const kept = input.verdict === "block" ? holdAndReturn(input, "blocked") : [hold(input)];
    return [...kept, ...sendAllowed(input)];
  }
  const concerned = input.recipients.filter((recipient) => compareVerdicts(recipient.verdict, from) >= 0);
  return [
    action(input, "quarantine", input.sender, STEP.take),
    ...concerned.flatMap((recipient) => recall(input, recipient.address)),
  ];
}

/** What rules with `split` let the others have. A draft was not sent by anybody yet. */
function sendAllowed(input: PlanInput): NewAction[] {
  const allowed = input.recipients.filter(({ verdict }) => compareVerdicts(verdict, "must-encrypt") < 0);
  if (input.stage !== "outbox" || input.failed || allowed.length === 0) return [];
  const recipients = allowed.map(({ address }) => address);
  return [action(input, "send-allowed", input.sender, STEP.giveBack, { recipients })];
}

function hold(input: PlanInput): NewAction {
  return action(input, "hold", input.sender, STEP.take);
}

/** The sender finds the message among the drafts again, with the label that tells why it did not leave. */
function holdAndReturn(input: PlanInput, why: keyof typeof LABELS): NewAction[] {
  return [hold(input), action(input, "return-to-sender", input.sender, STEP.giveBack, LABELS[why])];
}

/** One action for a mailbox; for a group one for each of its members. */
function recall(input: PlanInput, address: string): NewAction[] {
  const members = input.directory.groups.get(address);
  if (members)
    return members.flatMap((member) => recall({ ...input, directory: withoutGroups(input.directory) }, member));
  const mailbox = input.directory.resolve(address);
  if (mailbox) return [action(input, "recall", mailbox.address, STEP.take)];
  const reason = input.directory.isInternal(address) ? "mailbox-not-found" : "external-recipient";
  return [action(input, "recall", address, STEP.take, {}, reason)];
}

/** Members are expanded already; a member that is listed as a group again must not loop. */
function withoutGroups(directory: DirectoryFacts): DirectoryFacts {
  return { ...directory, groups: new Map() };
}

function label(input: PlanInput): NewAction {
  return action(
    input,
    "label",
    input.sender,
    STEP.mark,
    input.verdict === "warn" ? LABELS.warned : LABELS.sentUnencrypted,
  );
}

/** One mail a person, even when the sender is a manager too. */
function notices(input: PlanInput, occasion: NoticeOccasion | null): NewAction[] {
  if (occasion === null) return [];
  return people(input.settings, occasion, input.sender, input.directory).map(({ address, audience, problem }) => {
    const unanswered = audience === "originator" && input.automatic === true ? "automatic-mail" : null;
    const about = { occasion, audience, ...(unlessSent(input) ? { unlessSent: true } : {}) };
    return action(input, "notify", address, STEP.tell, about, problem ?? unanswered);
  });
}

/** What left too early to be held is told by the record of its sent copy alone. */
function unlessSent({ stage, sentIsScanned }: PlanInput): boolean {
  return sentIsScanned === true && isUnsent(stage);
}

/** The message lies in a mailbox and may leave at any moment. */
export function isUnsent(stage: Stage): boolean {
  return stage === "draft" || stage === "outbox";
}

/** Managers hear that a rule was stopped, whatever their switches say: somebody must look at it. */
function guardNotices(input: PlanInput): NewAction[] {
  const { tripped = [], settings, sender, directory } = input;
  if (tripped.length === 0) return [];
  return managers(settings, sender, directory).map(({ address, audience, problem }) => {
    const about = { occasion: "guard", audience, rules: tripped };
    return action({ ...input, identity: `${input.identity}\nguard` }, "notify", address, STEP.tell, about, problem);
  });
}

function action(
  input: PlanInput,
  kind: ActionKind,
  target: string,
  step: number,
  details: Readonly<Record<string, unknown>> = {},
  reason: string | null = null,
): NewAction {
  return {
    id: actionId(input.identity, kind, target),
    kind,
    target,
    step,
    state: reason === null ? "planned" : "not-possible",
    reason,
    input: details,
  };
}

/**
 * What `PlanInput.identity` is made of; `mail` is the identity of the mail itself. A backfill's actions are others than
 * those of live mail, of other revisions and of one that did not act: the same mail may have had all of them.
 */
export function planIdentity(
  tenantId: string,
  mailbox: string,
  stage: Stage,
  mail: string,
  past?: PastScan & { readonly revision: string },
): string {
  const occasion = past ? `\npast\n${past.revision}\n${past.act}` : "";
  return `${tenantId}\n${mailbox}\n${stage}\n${mail}${occasion}`;
}

/** Deterministic, so that a repeat of the same plan names the same actions. */
export function actionId(identity: string, kind: ActionKind, target: string): string {
  return createHash("sha256").update(`${identity}\n${kind}\n${target}`).digest("hex").slice(0, 32);
}

function restrict(planned: NewAction, input: PlanInput): NewAction {
  if (planned.state === "not-possible") return planned;
  const reason = hindrance(planned.kind, input);
  return reason === null ? planned : { ...planned, state: "not-possible", reason };
}

function hindrance(kind: ActionKind, input: PlanInput): string | null {
  if (input.unasked === true) return "not-asked";
  if (input.mode === "observe") return "observe-mode";
  if (kind === "notify" && !input.canNotify) return "no-service-mailbox";
  return input.can.has(kind) ? null : "not-supported-by-provider";
}
