import type { ActionOutcome, PlannedAction } from "../../src/core/action.ts";
import { isPosternError } from "../../src/core/errors.ts";
import { sendersCopies } from "./actions-copies.ts";
import type { Gmail } from "./gmail-mailbox.ts";
import { stillMissing } from "./missing-copy.ts";

type Label = NonNullable<PlannedAction["label"]>;

/** Gmail takes only colours of its palette, and only text and background together. */
const COLORS = {
  red: { textColor: "#ffffff", backgroundColor: "#cc3a21" },
  orange: { textColor: "#000000", backgroundColor: "#ffad47" },
  yellow: { textColor: "#000000", backgroundColor: "#fad165" },
} as const satisfies Record<Label["color"], object>;

/** Ids of labels that were found or made, by mailbox and name. */
export type KnownLabels = Map<string, string>;

/** Sets a label on the sender's copy; makes the label, and those above it in `A/B`, when the mailbox lacks it. */
export async function labelCopy(gmail: Gmail, action: PlannedAction, known: KnownLabels): Promise<ActionOutcome> {
  const { label } = action;
  if (label === undefined) return { state: "failed", reason: "no-label" };
  const key = `${gmail.address} ${label.name.toLowerCase()}`;
  const cached = known.get(key);
  if (cached !== undefined && (await tryLabel(gmail, action.ref.messageId, cached))) return done();

  const id = await ensureLabel(gmail, label);
  known.set(key, id);
  const copies = await sendersCopies(gmail, action);
  if (copies.length === 0) return stillMissing(action.attempts);
  for (const copy of copies) if (!copy.labels.includes(id)) await gmail.addLabels(copy.id, [id]);
  return done();
}

/** False when message or label is no longer known by its id. */
async function tryLabel(gmail: Gmail, messageId: string, labelId: string): Promise<boolean> {
  try {
    await gmail.addLabels(messageId, [labelId]);
    return true;
  } catch (error) {
    if (isPosternError(error, "MESSAGE_NOT_FOUND") || isPosternError(error, "PROVIDER_REFUSED")) return false;
    throw error;
  }
}

async function ensureLabel(gmail: Gmail, label: Label): Promise<string> {
  const present = await labelIds(gmail);
  const levels = label.name.split("/");
  let id: string | undefined;
  for (const depth of levels.keys()) {
    const name = levels.slice(0, depth + 1).join("/");
    const isLast = depth === levels.length - 1;
    id = present.get(name.toLowerCase()) ?? (await createLabel(gmail, name, isLast ? label.color : undefined));
  }
  return id ?? "";
}

async function createLabel(gmail: Gmail, name: string, color: Label["color"] | undefined): Promise<string> {
  try {
    return (await gmail.createLabel(name, color === undefined ? undefined : COLORS[color])).id;
  } catch (error) {
    // Another worker was faster: the name is taken now.
    const id = isPosternError(error, "PROVIDER_REFUSED") ? (await labelIds(gmail)).get(name.toLowerCase()) : undefined;
    if (id === undefined) throw error;
    return id;
  }
}

async function labelIds(gmail: Gmail): Promise<ReadonlyMap<string, string>> {
  const { labels } = await gmail.labels();
  return new Map(labels.map(({ id, name }) => [name.toLowerCase(), id]));
}

function done(): ActionOutcome {
  return { state: "done", reason: null };
}
