import { parse, TomlError } from "smol-toml";
import { z } from "zod";
import { type ImportedDetector, type ImportNote, type ImportOutcome, idMaker, imported } from "./import-result.ts";
import type { PolicyVocabulary } from "./load.ts";
import { explainOne } from "./wording.ts";

const texts = z.array(z.string()).optional();
/** `allowlists` since 8.25, `allowlist` before. */
const Allowlist = z.looseObject({
  condition: z.string().optional(),
  regexTarget: z.string().optional(),
  regexes: texts,
  stopwords: texts,
  paths: texts,
  commits: texts,
  targetRules: texts,
});
const Rule = z.looseObject({
  id: z.string().optional(),
  description: z.string().optional(),
  regex: z.string().optional(),
  allowlist: Allowlist.optional(),
  allowlists: z.array(Allowlist).optional(),
});
const Config = z.looseObject({
  rules: z.array(Rule).default([]),
  allowlist: Allowlist.optional(),
  allowlists: z.array(Allowlist).optional(),
});
type Allowlist = z.output<typeof Allowlist>;

/** Fields that say nothing a policy could lose. */
const SILENT: ReadonlySet<string> = new Set(["title", "minVersion", "rules", "allowlist", "allowlists"]);
const READ: ReadonlySet<string> = new Set(["id", "description", "regex", "allowlist", "allowlists"]);
const REASONS: Readonly<Record<string, string>> = {
  keywords: "only speed up gitleaks; the pattern alone decides here",
  entropy: "randomness is not measured: expect more matches, or narrow the pattern",
  secretGroup: "the whole match is the value, not one group of it",
  path: "limits a rule to files of a repository; use when.attachments for attachments",
  tags: "there are no tags; use groups",
  required: "rules that need another one near are not supported; use when.match: all",
  skipReport: "every detector reports",
  extend: "only what stands in this document is read; import the base configuration too",
};

/**
 * Reads a gitleaks configuration (TOML, version 8): each rule becomes a detector on the raw text, all of them one
 * group. gitleaks decides nothing about mail, so there are no rules.
 */
export function importGitleaks(source: string, vocabulary: PolicyVocabulary): ImportOutcome {
  const config = read(source);
  if ("reason" in config) return { ok: false, ...config };
  const notes: ImportNote[] = unread("", config.value, SILENT);
  const shared = [...(config.value.allowlists ?? []), ...(config.value.allowlist ? [config.value.allowlist] : [])];
  const makeId = idMaker(vocabulary.detectorIds);
  const detectors = config.value.rules.flatMap((rule): readonly ImportedDetector[] => {
    const subject = rule.id ?? rule.description ?? "";
    notes.push(...unread(subject, rule, READ));
    const fault = rule.regex === undefined ? { reason: "there is none" } : vocabulary.checkPattern(rule.regex);
    if (rule.regex === undefined || fault !== undefined) {
      notes.push({ subject, field: "regex", reason: `left out: ${fault?.reason}` });
      return [];
    }
    const own = [...(rule.allowlists ?? []), ...(rule.allowlist ? [rule.allowlist] : [])];
    const general = shared.filter((list) => list.targetRules?.includes(rule.id ?? "") ?? true);
    const exclude = [...own, ...general].flatMap((list) => exclusions(subject, list, vocabulary, notes));
    const id = makeId(subject);
    if (rule.id !== undefined && id !== rule.id) notes.push({ subject, field: "id", reason: `renamed to ${id}` });
    return [{ id, description: rule.description ?? "", pattern: rule.regex, exclude, text: "raw" }];
  });
  const group = {
    id: idMaker(new Set(detectors.map((each) => each.id)))("gitleaks"),
    detectors: detectors.map((each) => each.id),
  };
  return imported({ detectors, groups: [group] }, unique(notes));
}

type ReadConfig = { readonly value: z.output<typeof Config> } | Omit<Extract<ImportOutcome, { ok: false }>, "ok">;

function read(source: string): ReadConfig {
  try {
    const document = parse(source);
    const parsed = Config.safeParse(document);
    if (parsed.success) return { value: parsed.data };
    const [issue] = parsed.error.issues;
    return { reason: issue === undefined ? "no gitleaks configuration" : explainOne(issue, document) };
  } catch (error) {
    return error instanceof TomlError
      ? { reason: "not TOML from here on", line: error.line, column: error.column }
      : { reason: "not TOML" };
  }
}

function unread(subject: string, map: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): ImportNote[] {
  return Object.keys(map)
    .filter((field) => !known.has(field))
    .map((field) => ({ subject, field, reason: REASONS[field] ?? "has no counterpart" }));
}

/** gitleaks looks for these anywhere in a secret; an exclusion here is about the whole value. */
function exclusions(
  subject: string,
  list: Allowlist,
  vocabulary: PolicyVocabulary,
  notes: ImportNote[],
): readonly string[] {
  const note = (field: string, reason: string): void => {
    notes.push({ subject, field: `allowlists.${field}`, reason });
  };
  if (list.paths !== undefined) note("paths", "files of a repository do not travel in mail");
  if (list.commits !== undefined) note("commits", "commits do not travel in mail");
  if (list.condition?.toUpperCase() === "AND") {
    note("condition", "left out: exclusions that must hold together are not supported");
    return [];
  }
  if (list.regexTarget === "line") note("regexTarget", "left out: exclusions look at the value, not at its line");
  const regexes = list.regexTarget === "line" ? [] : (list.regexes ?? []);
  const words = (list.stopwords ?? []).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return [...regexes, ...words].flatMap((part) => {
    const pattern = `.*(?:${part}).*`;
    const fault = vocabulary.checkPattern(pattern);
    if (fault === undefined) return [pattern];
    note("regexes", `left out: ${fault.reason}`);
    return [];
  });
}

function unique(notes: readonly ImportNote[]): readonly ImportNote[] {
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()];
}
