import type { NoticeAudience, NoticeOccasion, Policy } from "../core/policy.ts";
import type { ActionRecord, MessageRecord } from "../core/records.ts";
import { inLanguage, type Occasion, type Wording } from "./wording.ts";

/** What a notice says, before it becomes text and HTML. */
export interface NoticeContent {
  readonly occasion: Occasion;
  /** BCP 47. */
  readonly language: string;
  readonly title: string;
  readonly opening: string;
  /** The rule's own words to the sender. */
  readonly advice: readonly string[];
  /** One line a pair. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** Page that needs sign-in; managers only. */
  readonly link: { readonly label: string; readonly url: string } | null;
  /** Page where a held message is decided about; for the one manager whom the notice goes to. */
  readonly decide?: { readonly label: string; readonly url: string } | null;
  readonly footer: string;
}

/** Messages that a digest lists one by one. */
const MOST_IN_DIGEST = 100;
const MASKED_SAMPLES = 3;

/** One message and what became of it. Holds masked samples at most. */
export function messageContent(
  record: MessageRecord,
  about: { readonly occasion: NoticeOccasion; readonly audience: NoticeAudience },
  policy: Policy,
  wording: Wording,
  publicUrl: string,
  decideUrl: string | null = null,
): NoticeContent {
  const { occasion, audience } = about;
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
        `${finding.detector} (${finding.count}) – ${finding.part}: ${finding.masked.slice(0, MASKED_SAMPLES).join(", ")}`,
      ]),
    ...record.problems.map((problem): [string, string] => [labels.unread, `${problem.part}: ${problem.code}`]),
    ...outcomes(occasion, record.actions, wording).map((sentence): [string, string] => [labels.outcome, sentence]),
    [labels.incident, record.id],
  ];
  const advice = matched.flatMap((rule) => inLanguage(rule.tell, wording.language) ?? []);
  return {
    occasion,
    language: wording.language,
    title: wording.subject[occasion],
    opening: wording.opening[occasion][audience],
    advice: audience === "originator" ? advice : [],
    facts: facts.filter(([, value]) => value !== ""),
    link: audience === "managers" ? { label: labels.review, url: `${publicUrl}/incidents/${record.id}` } : null,
    decide: decideUrl === null || audience !== "managers" ? null : { label: labels.decide, url: decideUrl },
    footer: wording.footer,
  };
}

/** Rules that the runaway guard stopped, for managers. */
export function guardContent(rules: readonly string[], wording: Wording, publicUrl: string): NoticeContent {
  return {
    occasion: "guard",
    language: wording.language,
    title: wording.subject.guard,
    opening: wording.guard,
    advice: [],
    facts: rules.map((rule) => [wording.labels.paused, rule]),
    link: { label: wording.labels.review, url: `${publicUrl}/` },
    footer: wording.footer,
  };
}

/** What one person would have been told one by one. */
export function digestContent(
  entries: readonly { readonly occasion: NoticeOccasion; readonly record: MessageRecord }[],
  person: string,
  wording: Wording,
  publicUrl: string,
): NoticeContent {
  const { labels, subject } = wording;
  const shown = entries.slice(0, MOST_IN_DIGEST);
  const isManager = entries.some(({ record }) => record.sender !== person);
  return {
    occasion: "digest",
    language: wording.language,
    title: subject.digest,
    opening: wording.digest,
    advice: [],
    facts: [
      ...shown.map(({ occasion, record }): [string, string] => [
        subject[occasion],
        `${record.subject} (${record.sender} → ${record.recipients.map(({ address }) => address).join(", ")}) ${record.id}`,
      ]),
      ...(entries.length > shown.length
        ? [[labels.more, String(entries.length - shown.length)] as [string, string]]
        : []),
    ],
    link: isManager ? { label: labels.review, url: `${publicUrl}/` } : null,
    footer: wording.footer,
  };
}

/** What was taken back is news once: when it was taken. After a release it would be wrong. */
const TELLS_COPIES: ReadonlySet<NoticeOccasion> = new Set(["warning", "quarantine", "block", "error"]);

function outcomes(occasion: NoticeOccasion, actions: readonly ActionRecord[], wording: Wording): readonly string[] {
  if (TELLS_COPIES.has(occasion)) return copiesTaken(actions, wording);
  return occasion === "release" ? copiesMissing(actions, wording) : [];
}

function copiesTaken(actions: readonly ActionRecord[], wording: Wording): readonly string[] {
  const recalls = actions.filter((action) => action.kind === "recall");
  if (recalls.length === 0) return [];
  const outside = recalls.filter((action) => action.reason === "external-recipient").length;
  return [wording.copies(recalls.filter((action) => action.state === "done").length, recalls.length, outside)];
}

function copiesMissing(actions: readonly ActionRecord[], wording: Wording): readonly string[] {
  const restores = actions.filter((action) => action.kind === "restore");
  const back = restores.filter((action) => action.state === "done").length;
  return back === restores.length ? [] : [wording.restored(back, restores.length)];
}
