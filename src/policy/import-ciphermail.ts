import { CsvError, parse as parseCsv } from "csv-parse/sync";
import { parse as parseYaml, YAMLParseError } from "yaml";
import { VERDICTS } from "../core/verdict.ts";
import { type ImportedDetector, type ImportNote, type ImportOutcome, idMaker, imported } from "./import-result.ts";
import type { PolicyVocabulary } from "./load.ts";
import { isRawMap, type RawMap } from "./raw-document.ts";

/** What the product's pages call the fields of a pattern, without case, spaces and dashes. */
const FIELDS = {
  name: ["name", "patternname"],
  description: ["description", "notes"],
  regex: ["regularexpression", "regex", "pattern"],
  threshold: ["threshold"],
  validator: ["validator", "validatorname"],
  action: ["action"],
  mask: ["matchfilter", "matchfiltername", "filter"],
  delay: ["delayevaluation", "delay"],
  group: ["group", "patterngroup"],
} as const;
type Field = keyof typeof FIELDS;

const MASKS: Readonly<Record<string, ImportedDetector["mask"]>> = {
  "": "none",
  none: "none",
  mask: "full",
  masked: "full",
  maskkeeplast4: "keep-last-4",
};

/**
 * Reads a list of CipherMail DLP patterns: CSV with a header line, or a YAML or JSON list, with the field names of the
 * product's pattern page. Each pattern becomes a detector and, as the action stands in the pattern there, a rule.
 */
export function importCipherMail(source: string, vocabulary: PolicyVocabulary): ImportOutcome {
  const rows = readRows(source);
  if ("reason" in rows) return { ok: false, ...rows };
  const notes: ImportNote[] = [];
  const makeId = idMaker(vocabulary.detectorIds);
  const groups = new Map<string, string[]>();
  const patterns = rows.flatMap((row, index) => {
    const subject = text(row, "name") || `pattern ${index + 1}`;
    notes.push(...unknownFields(subject, row));
    const pattern = patternOf(subject, row, makeId, vocabulary, notes);
    const group = text(row, "group");
    if (pattern !== undefined && group !== "") groups.set(group, [...(groups.get(group) ?? []), pattern.detector.id]);
    return pattern ?? [];
  });
  const detectors = patterns.map((pattern) => pattern.detector);
  const makeGroupId = idMaker(new Set([...vocabulary.detectorIds, ...detectors.map((detector) => detector.id)]));
  const named = [...groups].map(([name, members]) => ({ id: makeGroupId(name), detectors: members }));
  return imported({ detectors, groups: named, rules: patterns.map((pattern) => pattern.rule) }, notes);
}

function patternOf(
  subject: string,
  row: RawMap,
  makeId: (name: string) => string,
  vocabulary: PolicyVocabulary,
  notes: ImportNote[],
): { readonly detector: ImportedDetector; readonly rule: object } | undefined {
  const note = (field: string, reason: string): void => {
    notes.push({ subject, field, reason });
  };
  const pattern = text(row, "regex");
  const fault = pattern === "" ? { reason: "there is none" } : vocabulary.checkPattern(pattern);
  if (fault !== undefined) {
    note("regular expression", `left out: ${fault.reason}`);
    return undefined;
  }
  const validator = plain(text(row, "validator"));
  const knowsValidator = vocabulary.validatorIds.has(validator);
  if (validator !== "" && !knowsValidator) note("validator", `there is no validator "${text(row, "validator")}"`);
  const mask = MASKS[plain(text(row, "mask"))];
  if (mask === undefined) note("match filter", `there is no mask "${text(row, "mask")}"; the default holds`);
  const action = text(row, "action")
    .toLowerCase()
    .replace(/[\s_]+/g, "-");
  const knowsAction = action !== "allow" && (VERDICTS as readonly string[]).includes(action);
  if (!knowsAction) note("action", `there is no action "${text(row, "action")}"; the rule warns`);
  const threshold = text(row, "threshold") === "" ? 0 : Number(text(row, "threshold"));
  const soundThreshold = Number.isInteger(threshold) && threshold >= 0;
  if (!soundThreshold) note("threshold", `"${text(row, "threshold")}" is no whole number; 0 holds`);
  const id = makeId(subject);
  return {
    detector: {
      id,
      description: text(row, "description") || subject,
      pattern,
      ...(knowsValidator ? { validator } : {}),
      ...(mask === undefined ? {} : { mask }),
    },
    rule: {
      id: `${id}-out`,
      description: text(row, "description") || subject,
      // Every match counts there, at whatever confidence.
      when: {
        detectors: [{ detector: id, threshold: soundThreshold ? threshold : 0, confidence: "low", count: "all" }],
      },
      action: knowsAction ? action : "warn",
      delayEvaluation: ["true", "yes", "on", "1", "enabled"].includes(text(row, "delay").toLowerCase()),
    },
  };
}

const NO_LIST = { reason: "expected a CSV table with a header, or a list of patterns" };

function readRows(source: string): readonly RawMap[] | Omit<Extract<ImportOutcome, { ok: false }>, "ok"> {
  const start = source.replace(/^\uFEFF/, "");
  try {
    const listed: unknown = /^\s*[[{-]/.test(start) ? parseYaml(start, { prettyErrors: true }) : parseTable(start);
    const list = isRawMap(listed) && Array.isArray(listed.patterns) ? listed.patterns : listed;
    return Array.isArray(list) && list.every(isRawMap) ? list.map(byPlainName) : NO_LIST;
  } catch (error) {
    if (error instanceof YAMLParseError && error.linePos) {
      const [{ line, col }] = error.linePos;
      return { reason: "neither YAML nor JSON from here on", line, column: col };
    }
    return error instanceof CsvError && typeof error.lines === "number"
      ? { reason: "no table row from here on", line: error.lines, column: 1 }
      : NO_LIST;
  }
}

function parseTable(source: string): unknown {
  const header = source.trimStart().split("\n", 1)[0] ?? "";
  if (!FIELDS.regex.some((name) => plain(header).includes(name))) return undefined;
  const delimiter = [",", ";", "\t"].reduce((best, each) =>
    header.split(each).length > header.split(best).length ? each : best,
  );
  return parseCsv(source, { columns: true, delimiter, skip_empty_lines: true, relax_column_count: true });
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, "");
}

function byPlainName(row: RawMap): RawMap {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [plain(name), value]));
}

function text(row: RawMap, field: Field): string {
  const value = FIELDS[field].map((name) => row[name]).find((each) => each !== undefined && each !== null);
  return value === undefined ? "" : String(value).trim();
}

function unknownFields(subject: string, row: RawMap): readonly ImportNote[] {
  const known = new Set<string>(Object.values(FIELDS).flat());
  return Object.keys(row)
    .filter((field) => !known.has(field) && String(row[field] ?? "").trim() !== "")
    .map((field) => ({ subject, field, reason: "has no counterpart" }));
}
