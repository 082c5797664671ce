import type { z } from "zod";
import { suggestion } from "./nearest.ts";
import { quote } from "./quote.ts";
import { keysAllowedAt } from "./schema.ts";
import { type Path, type PolicyFault, pathText, type Source } from "./source.ts";

/** What people call the kinds of values. */
const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a map of keys and values",
  record: "a map of keys and values",
};

type Issue = z.core.$ZodIssue;

/** Turns what the schema found into faults at the places of the values, in the words of people who write policies. */
export function explain(issues: readonly Issue[], source: Source): readonly PolicyFault[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
    if (issue.code === "unrecognized_keys") return unknownKeys(issue.keys, path, source);
    const position = issue.code === "invalid_key" ? keyPlace(path, source) : source.place(path);
    return [{ ...position, path: pathText(path), reason: reasonFor(issue, valueAt(source.value, path), path) }];
  });
}

/** One fault of another document, without a place: `rules[0].regex: expected text, found 3`. */
export function explainOne(issue: Issue, document: unknown): string {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  const reason = reasonFor(issue, valueAt(document, path), path);
  return path.length === 0 ? reason : `${pathText(path)}: ${reason}`;
}

function unknownKeys(keys: readonly string[], path: Path, source: Source): readonly PolicyFault[] {
  const known = keysAllowedAt(path);
  return keys.map((key) => ({
    ...source.placeOfKey(path, key),
    path: pathText([...path, key]),
    reason: `unknown key ${quote(key)}${suggestion(key, known)}`,
  }));
}

function keyPlace(path: Path, source: Source) {
  return source.placeOfKey(path.slice(0, -1), String(path.at(-1)));
}

function reasonFor(issue: Issue, value: unknown, path: Path): string {
  if (value === undefined && issue.code !== "custom") return `"${String(path.at(-1))}" is missing`;
  switch (issue.code) {
    case "custom":
      return issue.message;
    case "invalid_type":
      return `expected ${KINDS[issue.expected] ?? issue.expected}, found ${found(value)}${hint(issue.expected, value)}`;
    case "invalid_value":
      return `expected ${oneOf(issue.values.map(String))}, found ${found(value)}`;
    case "too_small":
      return Array.isArray(value) ? "the list is empty" : `must be at least ${issue.minimum}`;
    case "too_big":
      return Array.isArray(value) ? `the list is longer than ${issue.maximum}` : `must be at most ${issue.maximum}`;
    case "invalid_key":
      return `${quote(String(path.at(-1)))} is no language code such as en or pt-BR`;
    case "invalid_union":
      return "expected the word default or a list of words";
    default:
      return issue.message;
  }
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `${values[0]}` : `one of ${values.join(", ")}`;
}

function found(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? quote(value) : String(value);
}

function hint(expected: string, value: unknown): string {
  return expected === "string" && (typeof value === "number" || typeof value === "boolean")
    ? "; write it in quotes"
    : "";
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) value = (value as Readonly<Record<string | number, unknown>> | null | undefined)?.[step];
  return value;
}
