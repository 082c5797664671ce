import type { FastifySchemaCompiler } from "fastify";
import type { z } from "zod";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One thing that is wrong with a request. */
export interface RequestFault {
  /** JSON pointer (RFC 6901) into the query, the path's parameters or the body; empty for the whole of it. */
  readonly path: string;
  /** What was expected and what kind of thing came. Never the value itself: it may be a secret, or content. */
  readonly reason: string;
}

/** Thrown by the validation of a request; becomes a 400 problem that lists every fault. */
export class RequestFaults extends Error {
  readonly faults: readonly RequestFault[];

  constructor(faults: readonly RequestFault[]) {
    super(sentence(faults));
    this.name = "RequestFaults";
    this.faults = faults;
  }
}

/** Validates by the route's zod schemas, and says what is wrong in our words instead of the library's. */
export const compileValidator: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data: unknown) => {
    const parsed = schema.safeParse(data);
    return parsed.success ? { value: parsed.data } : { error: new RequestFaults(faultsOf(parsed.error.issues, data)) };
  };

/** The issues of a schema as faults, one each. @param data what was validated, for saying what kind of thing came */
export function faultsOf(issues: readonly Issue[], data: unknown): readonly RequestFault[] {
  return issues.flatMap((issue) => faultsOfIssue(issue, [], data));
}

function faultsOfIssue(issue: Issue, parent: Path, data: unknown): readonly RequestFault[] {
  const path = [...parent, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: pointer([...path, key]), reason: "there is no such field" }));
  if (issue.code === "invalid_union") {
    const meant = likeliest(issue.errors);
    if (meant) return meant.flatMap((inner) => faultsOfIssue(inner, path, data));
  }
  return [{ path: pointer(path), reason: reasonFor(issue, valueAt(data, path)) }];
}

/** The alternative that the value is of the right kind for, if there is one: its faults are the ones to tell. */
function likeliest(alternatives: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const deeper = (issues: readonly Issue[]) =>
    issues.every(({ path, code }) => path.length > 0 || code !== "invalid_type");
  return alternatives.find((issues) => issues.length > 0 && deeper(issues) && issues[0]?.code !== "invalid_value");
}

function reasonFor(issue: Issue, value: unknown): string {
  if (issue.code === "custom") return issue.message;
  const expected = expectation(issue, value);
  return value === undefined ? `is missing; expected ${expected}` : `expected ${expected}, found ${kindOf(value)}`;
}

function expectation(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return KINDS[issue.expected] ?? "something else";
    case "invalid_value":
      return oneOf(issue.values);
    case "too_small":
      return `${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}${unit(issue.origin, value)}`;
    case "too_big":
      return `${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}${unit(issue.origin, value)}`;
    case "not_multiple_of":
      return `a multiple of ${issue.divisor}`;
    case "invalid_format":
      return FORMATS[issue.format] ?? "text of another form";
    case "invalid_union":
      return alternatives(issue);
    default:
      return "something else";
  }
}

function alternatives(issue: Extract<Issue, { code: "invalid_union" }>): string {
  const { discriminator, options } = issue as {
    readonly discriminator?: string;
    readonly options?: readonly unknown[];
  };
  if (discriminator !== undefined) return options === undefined ? `a known ${discriminator}` : oneOf(options);
  const told = issue.errors.flatMap(([first]) => (first ? [expectation(first, undefined)] : []));
  return [...new Set(told)].join(", or ");
}

/** What people call the kinds of values. */
const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  date: "a time such as 2026-11-30T12:00:00Z",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
  Uint8Array: "a message",
};

const FORMATS: Readonly<Record<string, string>> = {
  email: "a mail address",
  guid: "a GUID such as 5a3b1c2d-0000-4000-8000-123456789abc",
  url: "an address such as https://host/path",
  base64: "base64",
  datetime: "a time such as 2026-11-30T12:00:00Z",
};

/** Shows no text: it may be a secret, or content of mail. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string") return value === "" ? "an empty text" : `a text of ${value.length} characters`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  return typeof value === "object" ? "an object" : String(value);
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(", ")}`;
}

function unit(origin: string, value: unknown): string {
  if (origin === "string") return " characters";
  return origin === "array" || Array.isArray(value) ? " entries" : "";
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) value = (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[step];
  return value;
}

function pointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** `credential.value: expected text, found null`, and how many more there are. */
function sentence(faults: readonly RequestFault[]): string {
  const [first] = faults;
  if (!first) return "the request does not have the documented form";
  const name = first.path === "" ? "the request" : first.path.slice(1).replaceAll("/", ".");
  const more = faults.length === 1 ? "" : ` (and ${faults.length - 1} more)`;
  return `${name}: ${first.reason}${more}`;
}
