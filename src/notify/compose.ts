import type { NoticeMail } from "../core/action.ts";
import type { NoticeAudience, NoticeOccasion, Policy } from "../core/policy.ts";
import type { ActionRecord, MessageRecord, StoredAction } from "../core/records.ts";
import { NOTICE_HEADER, noticeMark } from "../pipeline/notice-mark.ts";
import { renderHtml, renderText } from "./layout.tsx";
import { ENGLISH, type Wording } from "./wording.ts";

export interface ComposeDependencies {
  /** Key of the mark by which Postern knows its own mails again. */
  readonly markKey: Uint8Array;
  readonly publicUrl: string;
  readonly policy: () => Promise<Policy>;
  /** The mailbox that sends the tenant's notices. */
  readonly serviceMailbox: (tenantId: string) => Promise<string | null>;
}

/** What a notice says, before it becomes text and HTML: one line a pair. */
export interface NoticeContent {
  readonly title: string;
  readonly opening: string;
  /** The rule's own words to the sender. */
  readonly advice: readonly string[];
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** Page that needs sign-in; managers only. */
  readonly link: { readonly label: string; readonly url: string } | null;
  readonly footer: string;
}

/** Writes the mail for a planned `notify` action. Holds masked samples at most. */
export async function composeNotice(
  record: MessageRecord,
  action: StoredAction,
  dependencies: ComposeDependencies,
): Promise<NoticeMail> {
  const occasion = action.input.occasion as NoticeOccasion;
  const audience = action.input.audience as NoticeAudience;
  const policy = await dependencies.policy();
  const content = contentOf(record, occasion, audience, policy, ENGLISH, dependencies.publicUrl);
  const from = await dependencies.serviceMailbox(record.ref.tenantId);
  return {
    ...(from === null ? {} : { from }),
    to: action.target,
    // The incident's id makes the subject findable when it must be known whether a notice went out.
    subject: `[Postern ${record.id}] ${content.title}`,
    text: renderText(content),
    html: renderHtml(content),
    headers: {
      [NOTICE_HEADER]: noticeMark(dependencies.markKey, action.id, action.target),
      "x-postern-incident": record.id,
      "x-auto-response-suppress": "All",
    },
  };
}

function contentOf(
  record: MessageRecord,
  occasion: NoticeOccasion,
  audience: NoticeAudience,
  policy: Policy,
  wording: Wording,
  publicUrl: string,
): NoticeContent {
  const { labels } = wording;
  const rules = new Set(record.recipients.flatMap((recipient) => recipient.rules));
  const matched = policy.rules.filter((rule) => rules.has(rule.id));
  const facts: [string, string][] = [
    [labels.message, record.subject],
    [labels.sender, record.sender],
    [labels.recipients, record.recipients.map((recipient) => recipient.address).join(", ")],
    ...matched.map((rule): [string, string] => [
      labels.rules,
      rule.description === "" ? rule.id : `${rule.id}: ${rule.description}`,
    ]),
    ...record.findings
      .filter((finding) => finding.confidence !== "low")
      .map((finding): [string, string] => [
        labels.found,
        `${finding.detector} (${finding.count}) – ${finding.part}: ${finding.masked.slice(0, 3).join(", ")}`,
      ]),
    ...record.problems.map((problem): [string, string] => [labels.unread, `${problem.part}: ${problem.code}`]),
    ...copiesTaken(record.actions, wording).map((sentence): [string, string] => [labels.outcome, sentence]),
    [labels.incident, record.id],
  ];
  return {
    title: wording.subject[occasion],
    opening: wording.opening[occasion][audience],
    advice: audience === "originator" ? matched.flatMap((rule) => rule.tell.en ?? []) : [],
    facts: facts.filter(([, value]) => value !== ""),
    link: audience === "managers" ? { label: labels.review, url: `${publicUrl}/incidents/${record.id}` } : null,
    footer: wording.footer,
  };
}

function copiesTaken(actions: readonly ActionRecord[], wording: Wording): readonly string[] {
  const recalls = actions.filter((action) => action.kind === "recall");
  if (recalls.length === 0) return [];
  const outside = recalls.filter((action) => action.reason === "external-recipient").length;
  return [wording.copies(recalls.filter((action) => action.state === "done").length, recalls.length, outside)];
}
