import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PosternError } from "../core/errors.ts";
import { NOTICE_OCCASIONS } from "../core/policy.ts";
import type { MessageRecord } from "../core/records.ts";
import type { NoticeContent } from "./content.ts";
import { factsHtml, oneLine, renderHtml, renderText } from "./layout.tsx";

export interface RenderedNotice {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Turns a notice into its parts, with the administrator's templates where there are some (docs/notices.md). */
export interface Templates {
  render(content: NoticeContent, record: MessageRecord): RenderedNotice;
}

const PLACEHOLDERS = [
  "title",
  "opening",
  "advice",
  "facts",
  "link",
  "decide",
  "footer",
  "incident",
  "sender",
  "message",
  "verdict",
] as const;
type Placeholder = (typeof PLACEHOLDERS)[number];
type Values = Readonly<Record<Placeholder, string>>;

const OCCASIONS: readonly string[] = ["notice", "guard", "digest", ...NOTICE_OCCASIONS];
/** `block.nl.html`: occasion (`notice` for all of them), language (or none for all of them), part. */
const FILE_NAME = /^([a-z]+)(?:\.([a-z]{2,3}))?\.(subject|txt|html)$/;

/** Postern's own layout. */
export const builtInTemplates: Templates = {
  render: (content) => ({ subject: content.title, text: renderText(content), html: renderHtml(content) }),
};

/**
 * Reads a folder of templates once.
 * @throws PosternError CONFIG_INVALID that lists every file whose name or placeholders nobody knows.
 */
export function readTemplates(folder: string): Templates {
  const files = readFolder(folder);
  const faults = [...files].flatMap(([name, text]) => faultsOf(name, text));
  if (faults.length > 0)
    throw new PosternError("CONFIG_INVALID", `the notice templates have faults:\n  ${faults.join("\n  ")}`);
  const find = (content: NoticeContent, part: "subject" | "txt" | "html"): string | undefined => {
    const { occasion, language } = content;
    for (const name of [`${occasion}.${language}`, occasion, `notice.${language}`, "notice"]) {
      const text = files.get(`${name}.${part}`);
      if (text !== undefined) return text;
    }
    return undefined;
  };
  return {
    render(content, record) {
      const own = builtInTemplates.render(content, record);
      const plain = textValues(content, record);
      const [subject, text, html] = [find(content, "subject"), find(content, "txt"), find(content, "html")];
      return {
        subject: subject === undefined ? own.subject : oneLine(filled(subject.trim(), plain)),
        text: text === undefined ? own.text : filled(text, plain),
        html: html === undefined ? own.html : filled(html, htmlValues(content, plain)),
      };
    },
  };
}

function readFolder(folder: string): ReadonlyMap<string, string> {
  try {
    const names = readdirSync(folder).filter((name) => !name.startsWith("."));
    return new Map(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
  } catch (error) {
    throw new PosternError("CONFIG_INVALID", `the folder of notice templates cannot be read: ${folder}`, {
      cause: error,
    });
  }
}

function faultsOf(name: string, text: string): readonly string[] {
  const occasion = FILE_NAME.exec(name)?.[1];
  if (occasion === undefined || !OCCASIONS.includes(occasion))
    return [`${name}: the name is none of occasion[.language].subject, .txt or .html`];
  const unknown = [...text.matchAll(/\{\{\s*(.*?)\s*\}\}/g)]
    .map((match) => match[1] ?? "")
    .filter((key) => !isKnown(key));
  return unknown.map((key) => `${name}: there is no placeholder {{${key}}}`);
}

function filled(template: string, values: Values): string {
  return template.replaceAll(/\{\{\s*(.*?)\s*\}\}/g, (whole, key: string) => (isKnown(key) ? values[key] : whole));
}

function isKnown(key: string): key is Placeholder {
  return (PLACEHOLDERS as readonly string[]).includes(key);
}

function textValues(
  { title, opening, advice, facts, link, decide, footer }: NoticeContent,
  record: MessageRecord,
): Values {
  return {
    title,
    opening,
    advice: advice.join("\n"),
    facts: facts.map(([label, value]) => `${label}: ${oneLine(value)}`).join("\n"),
    link: link?.url ?? "",
    decide: decide?.url ?? "",
    footer,
    incident: record.id,
    sender: oneLine(record.sender),
    message: oneLine(record.subject),
    verdict: record.verdict,
  };
}

/** Escaped; the facts as a table, the link as an anchor. */
function htmlValues({ advice, facts, link, decide }: NoticeContent, plain: Values): Values {
  const safe = Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, escaped(value)])) as Values;
  return {
    ...safe,
    advice: advice.map((sentence) => `<p>${escaped(sentence)}</p>`).join(""),
    facts: factsHtml(facts),
    link: anchor(link),
    decide: anchor(decide),
  };
}

function anchor(link: NoticeContent["decide"]): string {
  return link ? `<a href="${escaped(link.url)}">${escaped(link.label)}</a>` : "";
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
