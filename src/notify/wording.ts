import type { NoticeAudience, NoticeOccasion } from "../core/policy.ts";
import { DUTCH } from "./languages/dutch.ts";
import { ENGLISH } from "./languages/english.ts";
import { FRENCH } from "./languages/french.ts";
import { GERMAN } from "./languages/german.ts";

/** `guard`: a rule was paused because it acted too often. `digest`: many notices in one mail. */
export type Occasion = NoticeOccasion | "guard" | "digest";

/** The sentences of one language. `originator` is the sender who reads the mail, `managers` read about a sender. */
export interface Wording {
  /** BCP 47. */
  readonly language: string;
  readonly subject: Readonly<Record<Occasion, string>>;
  readonly opening: Readonly<Record<NoticeOccasion, Readonly<Record<NoticeAudience, string>>>>;
  readonly guard: string;
  readonly digest: string;
  readonly labels: {
    readonly message: string;
    readonly sender: string;
    readonly recipients: string;
    readonly rules: string;
    readonly found: string;
    readonly unread: string;
    readonly outcome: string;
    readonly incident: string;
    readonly paused: string;
    readonly more: string;
    readonly review: string;
    readonly decide: string;
  };
  /** Which copies could be taken back. */
  readonly copies: (taken: number, of: number, outside: number) => string;
  /** Into how many mailboxes a released message could be put back, when not into all. */
  readonly restored: (back: number, of: number) => string;
  readonly footer: string;
}

const LANGUAGES: ReadonlyMap<string, Wording> = new Map(
  [ENGLISH, DUTCH, GERMAN, FRENCH].map((wording) => [wording.language, wording]),
);

/** The sentences for a language such as `nl-BE`; English for one that is unknown or not there. */
export function wordingFor(language: string | undefined): Wording {
  return LANGUAGES.get(baseOf(language ?? "")) ?? ENGLISH;
}

/** A text of a rule in a language: as exactly as it was written, then English, then whatever there is. */
export function inLanguage(texts: Readonly<Record<string, string>>, language: string): string | undefined {
  const known = new Map(Object.entries(texts).map(([tag, text]) => [tag.toLowerCase(), text]));
  return known.get(language.toLowerCase()) ?? known.get(baseOf(language)) ?? known.get("en") ?? [...known.values()][0];
}

/** `nl` for `nl-BE`. */
function baseOf(language: string): string {
  return language.toLowerCase().split(/[-_]/)[0] ?? "";
}
