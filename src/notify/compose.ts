import type { NoticeMail } from "../core/action.ts";
import type { NoticeStore } from "../core/notice.ts";
import { NOTICE_OCCASIONS, type NoticeAudience, type NoticeOccasion, type Policy } from "../core/policy.ts";
import type { Clock } from "../core/ports.ts";
import type { MessageRecord, StoredAction } from "../core/records.ts";
import type { MessageStore } from "../core/store.ts";
import { NOTICE_HEADER, noticeMark } from "../pipeline/notice-mark.ts";
import { digestContent, guardContent, messageContent, type NoticeContent } from "./content.ts";
import type { Templates } from "./templates.ts";
import { type Wording, wordingFor } from "./wording.ts";

export interface ComposeDependencies {
  /** Key of the mark by which Postern knows its own mails again. */
  readonly markKey: Uint8Array;
  readonly publicUrl: string;
  readonly policy: () => Promise<Policy>;
  /** The mailbox that sends the tenant's notices. */
  readonly serviceMailbox: (tenantId: string) => Promise<string | null>;
  /** Language of a person as the tenant's directory has it. */
  readonly languageOf: (tenantId: string, address: string) => Promise<string | undefined>;
  /** Notices to one person in an hour before the rest becomes a digest, as it holds for a sender. */
  readonly digestAfter: (sender: string) => Promise<number>;
  readonly notices: Pick<NoticeStore, "claim" | "inDigest">;
  readonly messages: Pick<MessageStore, "get">;
  /** Page where a person decides about the message while it is held; null when it is not, or not for this person. */
  readonly decideUrl: (record: MessageRecord, person: string) => Promise<string | null>;
  readonly templates: Templates;
  readonly clock: Clock;
}

/**
 * Writes the mail for a planned `notify` action; null when the person has been told so often in this hour that it
 * waits for the digest. Holds masked samples at most.
 */
export async function composeNotice(
  record: MessageRecord,
  action: StoredAction,
  dependencies: ComposeDependencies,
): Promise<NoticeMail | null> {
  const { tenantId } = record.ref;
  const wording = wordingFor(await dependencies.languageOf(tenantId, action.target));
  const content = await contentFor(record, action, wording, dependencies);
  if (content === null) return null;
  const from = await dependencies.serviceMailbox(tenantId);
  const { subject, text, html } = dependencies.templates.render(content, record);
  return {
    ...(from === null ? {} : { from }),
    to: action.target,
    // The incident's id makes the subject findable when it must be known whether a notice went out.
    subject: `[Postern ${record.id}] ${subject}`,
    text,
    html,
    headers: {
      [NOTICE_HEADER]: noticeMark(dependencies.markKey, action.id, action.target),
      "x-postern-incident": record.id,
      "x-auto-response-suppress": "All",
    },
  };
}

async function contentFor(
  record: MessageRecord,
  action: StoredAction,
  wording: Wording,
  dependencies: ComposeDependencies,
): Promise<NoticeContent | null> {
  const { publicUrl } = dependencies;
  const occasion = String(action.input.occasion);
  if (occasion === "guard") return guardContent(action.input.rules as readonly string[], wording, publicUrl);
  if (occasion === "digest") return digest(action, wording, dependencies);
  const claim = { actionId: action.id, tenantId: record.ref.tenantId, person: action.target, messageId: record.id };
  const limit = await dependencies.digestAfter(record.sender);
  const turn = await dependencies.notices.claim({ ...claim, occasion }, limit, dependencies.clock.now());
  if (turn === "wait") return null;
  const about = { occasion: occasion as NoticeOccasion, audience: action.input.audience as NoticeAudience };
  const decideUrl = about.audience === "managers" ? await dependencies.decideUrl(record, action.target) : null;
  return messageContent(record, about, await dependencies.policy(), wording, publicUrl, decideUrl);
}

async function digest(
  action: StoredAction,
  wording: Wording,
  { notices, messages, publicUrl }: ComposeDependencies,
): Promise<NoticeContent> {
  const entries: { readonly occasion: NoticeOccasion; readonly record: MessageRecord }[] = [];
  for (const { messageId, occasion } of await notices.inDigest(action.id)) {
    const record = await messages.get(messageId);
    const known = NOTICE_OCCASIONS.find((candidate) => candidate === occasion);
    if (record && known) entries.push({ occasion: known, record });
  }
  return digestContent(entries, action.target, wording, publicUrl);
}
