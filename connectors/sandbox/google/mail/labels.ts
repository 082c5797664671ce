import { conflict, invalidArgument, notFound } from "../google-error.ts";
import { LABEL_COLOURS } from "./palette.ts";

export interface UserLabel {
  readonly id: string;
  readonly name: string;
  readonly messageListVisibility: string;
  readonly labelListVisibility: string;
  readonly color?: { readonly textColor: string; readonly backgroundColor: string };
}

export const SYSTEM_LABELS: readonly string[] = [
  "CHAT",
  "SENT",
  "INBOX",
  "IMPORTANT",
  "TRASH",
  "DRAFT",
  "SPAM",
  "CATEGORY_FORUMS",
  "CATEGORY_UPDATES",
  "CATEGORY_PERSONAL",
  "CATEGORY_PROMOTIONS",
  "CATEGORY_SOCIAL",
  "STARRED",
  "UNREAD",
];

/** Set by Gmail alone; a client that adds or removes them is refused. */
const IMMOVABLE = new Set(["SENT", "DRAFT", "CHAT"]);

/** Names that nobody may give to a label, in any case (discovery document; reports of backup tools). */
const RESERVED_NAMES = new Set([
  ...SYSTEM_LABELS.map((label) => label.toLowerCase()),
  "drafts",
  "sent mail",
  "all mail",
  "starred",
  "muted",
  "archive",
]);

/** Most labels that one mailbox may have (discovery document). */
const MAX_LABELS = 10_000;

const MESSAGE_VISIBILITY = ["show", "hide"];
const LIST_VISIBILITY = ["labelShow", "labelShowIfUnread", "labelHide"];

/**
 * Checks the wanted label as `labels.create` and `labels.update` do.
 * @throws GoogleError 400 for a reserved name, an unknown visibility or a colour outside the palette; 409 for a taken name.
 */
export function makeLabel(
  existing: ReadonlyMap<string, UserLabel>,
  id: string,
  wanted: Readonly<Record<string, unknown>>,
): UserLabel {
  const name = typeof wanted.name === "string" ? wanted.name.trim() : "";
  if (name === "" || RESERVED_NAMES.has(name.toLowerCase())) throw invalidArgument("Invalid label name");
  const taken = [...existing.values()].some(
    (label) => label.id !== id && label.name.toLowerCase() === name.toLowerCase(),
  );
  if (taken) throw conflict("Label name exists or conflicts");
  if (!existing.has(id) && existing.size >= MAX_LABELS) throw invalidArgument("Too many labels");
  const color = readColour(wanted.color);
  return {
    id,
    name,
    messageListVisibility: oneOf(wanted.messageListVisibility, MESSAGE_VISIBILITY, "show"),
    labelListVisibility: oneOf(wanted.labelListVisibility, LIST_VISIBILITY, "labelShow"),
    ...(color === undefined ? {} : { color }),
  };
}

/**
 * Checks the labels of a modification.
 * @throws GoogleError 400 for an unknown label, one that only Gmail sets, or one both added and removed.
 */
export function checkLabelChange(
  existing: ReadonlyMap<string, UserLabel>,
  add: readonly string[],
  remove: readonly string[],
): void {
  for (const label of [...add, ...remove]) {
    if (IMMOVABLE.has(label)) throw invalidArgument(`Invalid label: ${label}`);
    if (!SYSTEM_LABELS.includes(label) && !existing.has(label)) throw invalidArgument(`Invalid label: ${label}`);
  }
  if (add.some((label) => remove.includes(label))) {
    throw invalidArgument("Cannot both add and remove the same label");
  }
}

/** @throws GoogleError 400 for a system label, 404 for an unknown one. */
export function userLabel(existing: ReadonlyMap<string, UserLabel>, id: string): UserLabel {
  if (SYSTEM_LABELS.includes(id)) throw invalidArgument("Invalid update request: system labels cannot be changed");
  const label = existing.get(id);
  if (label === undefined) throw notFound();
  return label;
}

function readColour(wanted: unknown): UserLabel["color"] | undefined {
  if (wanted === undefined || wanted === null) return undefined;
  const { textColor, backgroundColor } = wanted as { readonly textColor?: unknown; readonly backgroundColor?: unknown };
  if (typeof textColor !== "string" || typeof backgroundColor !== "string") {
    throw invalidArgument("Label color needs both textColor and backgroundColor");
  }
  if (!LABEL_COLOURS.has(textColor) || !LABEL_COLOURS.has(backgroundColor)) {
    throw invalidArgument("Label color is not on the allowed color palette");
  }
  return { textColor, backgroundColor };
}

function oneOf(wanted: unknown, allowed: readonly string[], otherwise: string): string {
  if (wanted === undefined) return otherwise;
  if (typeof wanted === "string" && allowed.includes(wanted)) return wanted;
  throw invalidArgument("Invalid value for label visibility");
}
