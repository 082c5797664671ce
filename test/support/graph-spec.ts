import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { matchPath, segmentsOf } from "../../connectors/sandbox/microsoft/paths.ts";

/** What the check needs of a request that reached the sandbox. */
export interface CheckedRequest {
  readonly method: string;
  /** With version, without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: object;
  readonly $ref?: string;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
  readonly "x-ms-graph-version"?: string;
}

interface Specification {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly parameters: Readonly<Record<string, Parameter>> };
}

const folder = process.env.POSTERN_SPECS;

/** Why requests are not checked, undefined when they are. Tests that are about the check skip with it. */
export const graphSpecMissing: string | undefined = folder ? undefined : "POSTERN_SPECS is not set";

interface Compiled {
  readonly specification: Specification;
  readonly validate: (pointer: string) => ValidateFunction;
}

let compiled: Compiled | undefined;

function load(specs: string): Compiled {
  if (compiled) return compiled;
  const specification = JSON.parse(readFileSync(join(specs, "graph-openapi-subset.json"), "utf8")) as Specification;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(specification, "graph");
  const validators = new Map<string, ValidateFunction>();
  const validate = (pointer: string): ValidateFunction => {
    const known = validators.get(pointer) ?? ajv.compile({ $ref: `graph#${pointer}` });
    validators.set(pointer, known);
    return known;
  };
  compiled = { specification, validate };
  return compiled;
}

/**
 * Judges a request by the API description in `POSTERN_SPECS`: path, version, method, query parameters and body.
 * @returns what is wrong with it, nothing when all is well, when it is no Graph request, or without a description.
 */
export function checkGraphRequest(seen: CheckedRequest): string[] {
  const [, version, path] = /^\/(v1\.0|beta)(\/.*)$/.exec(seen.path) ?? [];
  if (!folder || version === undefined || path === undefined) return [];
  const spec = load(folder);
  const label = `${seen.method} ${seen.path}`;
  const template = findTemplate(spec, path, version);
  if (template === undefined) return [`${label}: no such path in the specification`];
  const operation = spec.specification.paths[template]?.[seen.method.toLowerCase()];
  if (!operation) return [`${label}: ${template} has no ${seen.method}`];
  const pointer = `/paths/${escapePointer(template)}/${seen.method.toLowerCase()}`;
  const wrongVersion =
    (operation["x-ms-graph-version"] ?? "v1.0") === version ? [] : [`${version} does not have this path`];
  const problems = [
    ...wrongVersion,
    ...queryProblems(spec, template, operation, seen),
    ...bodyProblems(spec, pointer, operation, seen),
  ];
  return problems.map((problem) => `${label}: ${problem}`);
}

/** Judges the JSON body of an answer by the same description. @returns what is wrong with it. */
export function checkGraphAnswer(method: string, path: string, status: number, body: unknown): string[] {
  const [, version, rest] = /^\/(v1\.0|beta)(\/.*)$/.exec(path) ?? [];
  if (!folder || version === undefined || rest === undefined) return [];
  const spec = load(folder);
  const template = findTemplate(spec, rest, version);
  const operation = template === undefined ? undefined : spec.specification.paths[template]?.[method.toLowerCase()];
  if (template === undefined || !operation) return [`${method} ${path}: not in the specification`];
  const answer = operation.responses[String(status)] ? String(status) : "default";
  if (!operation.responses[answer]?.content?.["application/json"]) return [];
  const pointer = `/paths/${escapePointer(template)}/${method.toLowerCase()}/responses/${answer}/content/application~1json/schema`;
  return problemsOf(spec.validate(pointer), body);
}

/** The template with the fewest parameters wins: `mailFolders/sentitems/…` before `mailFolders/{id}/…`. */
function findTemplate({ specification }: Compiled, path: string, version: string): string | undefined {
  const segments = segmentsOf(path);
  const candidates = Object.keys(specification.paths).filter((template) => {
    const pattern = segmentsOf(template).map((segment) => (segment.startsWith("{") ? `:${segment}` : segment));
    return matchPath(pattern.join("/"), segments) !== undefined;
  });
  const weight = (template: string) => (template.match(/\{/g) ?? []).length;
  const fitting = candidates.filter((template) => version === "beta" || !template.endsWith("/recall"));
  return fitting.sort((a, b) => weight(a) - weight(b))[0];
}

function queryProblems(spec: Compiled, template: string, operation: Operation, seen: CheckedRequest): string[] {
  const shared = (spec.specification.paths[template] as { readonly parameters?: readonly Parameter[] } | undefined)
    ?.parameters;
  const declared = [...(shared ?? []), ...(operation.parameters ?? [])].map((parameter) => {
    const name = parameter.$ref?.split("/").at(-1);
    return name === undefined ? parameter : (spec.specification.components.parameters[name] ?? parameter);
  });
  return [...seen.query].flatMap(([name, value]) => {
    const parameter = declared.find((one) => one.in === "query" && one.name.toLowerCase() === name.toLowerCase());
    if (!parameter) return [`unknown query parameter ${name}`];
    const isInteger = (parameter.schema as { readonly type?: string } | undefined)?.type === "integer";
    return isInteger && !/^\d+$/.test(value) ? [`query parameter ${name} is no integer`] : [];
  });
}

function bodyProblems({ validate }: Compiled, pointer: string, operation: Operation, seen: CheckedRequest): string[] {
  const empty = seen.body.length === 0;
  if (!operation.requestBody) return empty ? [] : ["the operation takes no body"];
  if (empty) return operation.requestBody.required ? ["the body is missing"] : [];
  const type = (seen.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (!(type in operation.requestBody.content)) return [`unexpected content type '${type}'`];
  const text = Buffer.from(seen.body).toString("utf8");
  const body: unknown = /json/.test(type) ? withHttpsNotificationUrls(JSON.parse(text)) : text;
  return problemsOf(validate(`${pointer}/requestBody/content/${escapePointer(type)}/schema`), body);
}

/** The description asks for https; sandboxes and tests notify over plain http on loopback. */
function withHttpsNotificationUrls(body: unknown): unknown {
  const loopback = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])/;
  const fix = (value: unknown) => (typeof value === "string" ? value.replace(loopback, "https://$1") : value);
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, /NotificationUrl$/i.test(name) ? fix(value) : value]),
  );
}

function problemsOf(validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath || "body"} ${message} ${JSON.stringify(params)}`,
  );
}

function escapePointer(segment: string): string {
  return encodeURIComponent(segment.replaceAll("~", "~0").replaceAll("/", "~1"));
}
