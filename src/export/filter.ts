import { z } from "zod";
import type { Dataset } from "../core/export.ts";
import type { EventRecord } from "../core/records.ts";
import { FIELDS } from "./datasets.ts";

const OPERATORS = [
  "eq",
  "!eq",
  "lt",
  "leq",
  "gt",
  "geq",
  "startsWith",
  "endsWith",
  "!startsWith",
  "!endsWith",
  "contains",
  "!contains",
  "in",
  "!in",
] as const;
type Operator = (typeof OPERATORS)[number];

const scalar = z.union([z.string(), z.number(), z.boolean()]);
type Scalar = z.output<typeof scalar>;
type Clause =
  | { readonly and: readonly Clause[] }
  | { readonly or: readonly Clause[] }
  | { readonly key: string; readonly operator: Operator; readonly value: Scalar | readonly Scalar[] };

const clause: z.ZodType<Clause> = z.lazy(() =>
  z.union([
    z.strictObject({ and: z.array(clause).min(1) }),
    z.strictObject({ or: z.array(clause).min(1) }),
    z.strictObject({
      key: z.string(),
      operator: z.enum(OPERATORS),
      value: z.union([scalar, z.array(scalar)]),
    }),
  ]),
);

/** Logpush's filter: what it matches is exported. */
export const filterSchema = z.strictObject({ where: clause });
export type Filter = z.output<typeof filterSchema>;

/** Logpush limits a filter to about 30 operators. */
const MOST_OPERATORS = 30;

/** What is wrong with a filter for this data set; empty when it can be used. */
export function filterFaults(filter: Filter, dataset: Dataset): readonly string[] {
  const known = new Set(FIELDS[dataset].map(({ name }) => name));
  const leaves = leavesOf(filter.where);
  return [
    ...leaves.filter(({ key }) => !known.has(key)).map(({ key }) => `filter: ${dataset} has no field ${key}`),
    ...leaves
      .filter(({ operator, value }) => Array.isArray(value) !== /^!?in$/.test(operator))
      .map(({ key, operator }) => `filter: ${key} ${operator} takes ${/in$/.test(operator) ? "a list" : "one value"}`),
    ...(leaves.length > MOST_OPERATORS ? [`filter: at most ${MOST_OPERATORS} operators`] : []),
  ];
}

/** A test for events of one data set. A field that is a list matches when any of its entries does. */
export function compileFilter(filter: Filter | null, dataset: Dataset): (event: EventRecord) => boolean {
  if (filter === null) return () => true;
  const fields = new Map(FIELDS[dataset].map(({ name, of }) => [name, of]));
  return (event) => holds(filter.where, (key) => valuesOf(fields.get(key)?.(event)));
}

type Leaf = Extract<Clause, { readonly key: string }>;

function leavesOf(part: Clause): readonly Leaf[] {
  if ("and" in part) return part.and.flatMap(leavesOf);
  if ("or" in part) return part.or.flatMap(leavesOf);
  return [part];
}

function holds(part: Clause, read: (key: string) => readonly (string | number | boolean)[]): boolean {
  if ("and" in part) return part.and.every((inner) => holds(inner, read));
  if ("or" in part) return part.or.some((inner) => holds(inner, read));
  const values = read(part.key);
  const negated = part.operator.startsWith("!");
  const operator = negated ? part.operator.slice(1) : part.operator;
  return values.some((value) => compare(value, operator, part.value)) !== negated;
}

function compare(value: Scalar, operator: string, wanted: Scalar | readonly Scalar[]): boolean {
  if (operator === "in") return (wanted as readonly Scalar[]).some((entry) => same(value, entry));
  const other = wanted as Scalar;
  if (operator === "eq") return same(value, other);
  if (operator === "startsWith") return String(value).startsWith(String(other));
  if (operator === "endsWith") return String(value).endsWith(String(other));
  if (operator === "contains") return String(value).includes(String(other));
  const order = typeof value === "number" && typeof other === "number" ? value - other : byText(value, other);
  if (operator === "lt") return order < 0;
  if (operator === "leq") return order <= 0;
  if (operator === "gt") return order > 0;
  return order >= 0;
}

function same(a: Scalar, b: Scalar): boolean {
  return a === b || String(a) === String(b);
}

function byText(a: Scalar, b: Scalar): number {
  if (String(a) === String(b)) return 0;
  return String(a) < String(b) ? -1 : 1;
}

function valuesOf(value: unknown): readonly Scalar[] {
  if (value === null || value === undefined) return [];
  if (value instanceof Date) return [value.toISOString()];
  if (Array.isArray(value)) return value.flatMap(valuesOf);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return [value];
  return [JSON.stringify(value)];
}
