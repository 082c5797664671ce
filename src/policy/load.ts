import { createHash } from "node:crypto";
import type { Policy } from "../core/policy.ts";
import { builtInGroups } from "./built-in-groups.ts";
import { inconsistencies } from "./consistency.ts";
import { suggestion } from "./nearest.ts";
import { quote } from "./quote.ts";
import { idsOf, isRawMap } from "./raw-document.ts";
import { resolveDocument } from "./resolve.ts";
import { policyDocument } from "./schema.ts";
import type { References } from "./schema-leaves.ts";
import { type PolicyFault, readSource, type Source } from "./source.ts";
import { warningsFor } from "./warnings.ts";
import { explain } from "./wording.ts";

export type { PolicyFault } from "./source.ts";

/** What the detection engine knows, as far as a policy refers to it. */
export interface PolicyVocabulary {
  /** Ids of the built-in detectors. */
  readonly detectorIds: ReadonlySet<string>;
  readonly validatorIds: ReadonlySet<string>;
  /** Position (characters from 0) and reason of what the engine cannot use, or undefined. */
  checkPattern(pattern: string): { readonly position: number; readonly reason: string } | undefined;
  /** Reads a dictionary file named in the policy; undefined when it cannot be read. */
  readFile?(path: string): readonly string[] | undefined;
}

export type LoadedPolicy =
  | {
      readonly ok: true;
      readonly policy: Policy;
      /** First 16 hex digits of the SHA-256 of the source text. */
      readonly revision: string;
      readonly warnings: readonly PolicyFault[];
    }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] };

/**
 * Reads a policy document. All faults are found in one reading, each at the line and column of the faulty value;
 * a text that is not YAML or JSON at all has only the faults of its grammar.
 */
export function loadPolicy(source: string, format: "yaml" | "json", vocabulary: PolicyVocabulary): LoadedPolicy {
  const text = source.replace(/^\uFEFF/, "");
  const read = readSource(text, format);
  if (read.value === undefined || read.value === null) {
    const empty = { line: 1, column: 1, path: "", reason: "the policy is empty" };
    return { ok: false, faults: read.faults.length > 0 ? read.faults : [empty] };
  }
  const groups = builtInGroups(vocabulary.detectorIds);
  const dictionaries = readDictionaries(read, vocabulary);
  const parsed = policyDocument(referencesOf(read.value, vocabulary, groups)).safeParse(read.value);
  const faults = [
    ...read.faults,
    ...(parsed.success ? [] : explain(parsed.error.issues, read)),
    ...inconsistencies(read, { detectorIds: vocabulary.detectorIds, groupIds: new Set(groups.keys()) }),
    ...dictionaries.faults,
  ];
  if (!parsed.success || faults.length > 0) return { ok: false, faults: inOrder(faults) };
  const policy = resolveDocument(parsed.data, {
    builtInGroups: groups,
    dictionary: (path) => dictionaries.entries.get(path) ?? [],
  });
  const revision = createHash("sha256").update(source).digest("hex").slice(0, 16);
  return {
    ok: true,
    policy,
    revision,
    warnings: inOrder([...read.warnings, ...warningsFor(policy, read, vocabulary.checkPattern)]),
  };
}

function referencesOf(
  document: unknown,
  vocabulary: PolicyVocabulary,
  builtIn: ReadonlyMap<string, unknown>,
): References {
  const ids = (key: string) => idsOf(document, key).map((placed) => placed.value);
  const known = {
    detector: new Set([...vocabulary.detectorIds, ...ids("detectors")]),
    group: new Set([...builtIn.keys(), ...ids("groups")]),
    rule: new Set(ids("rules")),
    validator: vocabulary.validatorIds,
  };
  return {
    isDetector: (id) => known.detector.has(id),
    isGroup: (id) => known.group.has(id),
    isRule: (id) => known.rule.has(id),
    isValidator: (id) => known.validator.has(id),
    patternFault: (pattern) => {
      const fault = vocabulary.checkPattern(pattern);
      return fault === undefined ? undefined : `${fault.reason} (character ${fault.position + 1} of the pattern)`;
    },
    unknown: (kind, id) => {
      if (kind === "detector" && known.group.has(id)) return `${quote(id)} is a group; write { group: ${id} }`;
      if (kind === "group" && known.detector.has(id)) return `${quote(id)} is a detector; write { detector: ${id} }`;
      return `there is no ${kind} ${quote(id)}${suggestion(id, known[kind])}`;
    },
  };
}

/** Reads each named dictionary once, so that what was checked is what is used. */
function readDictionaries(source: Source, vocabulary: PolicyVocabulary) {
  const entries = new Map<string, readonly string[]>();
  const faults: PolicyFault[] = [];
  const detectors = isRawMap(source.value) && Array.isArray(source.value.detectors) ? source.value.detectors : [];
  for (const [index, detector] of detectors.entries()) {
    const path: unknown = isRawMap(detector) ? detector.dictionary : undefined;
    if (typeof path !== "string" || path.trim() === "") continue;
    const lines = vocabulary.readFile?.(path)?.filter((line) => line.trim() !== "");
    const reason = lines === undefined ? "this file cannot be read" : lines.length === 0 ? "this file is empty" : "";
    if (lines !== undefined) entries.set(path, lines);
    if (reason === "") continue;
    const at = ["detectors", index, "dictionary"];
    faults.push({ ...source.place(at), path: `detectors[${index}].dictionary`, reason });
  }
  return { entries, faults };
}

function inOrder(faults: readonly PolicyFault[]): readonly PolicyFault[] {
  return faults.toSorted((left, right) => left.line - right.line || left.column - right.column);
}
