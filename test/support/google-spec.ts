import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import type { SeenRequest } from "../../connectors/sandbox/google/http/seen.ts";
import { readUpload } from "../../connectors/sandbox/google/http/upload.ts";
import { type DiscoverySchema, toJsonSchema } from "./google-spec-schema.ts";

/** A method of a discovery document, as far as it is checked. */
export interface DiscoveryMethod {
  readonly id: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly parameters?: Readonly<Record<string, DiscoveryParameter>>;
  readonly request?: { readonly $ref: string };
  readonly response?: { readonly $ref: string };
  readonly scopes?: readonly string[];
  readonly mediaUpload?: {
    readonly maxSize?: string;
    readonly protocols: { readonly simple: { readonly path: string } };
  };
}

export interface DiscoveryParameter {
  readonly location: "path" | "query";
  readonly type: string;
  readonly required?: boolean;
  readonly repeated?: boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
}

export interface DiscoveryDocument {
  readonly parameters: Readonly<Record<string, DiscoveryParameter>>;
  readonly schemas: Readonly<Record<string, DiscoverySchema>>;
  readonly methods: readonly DiscoveryMethod[];
  /** Says what is wrong with a value of a schema of the document. */
  faults(schema: string, value: unknown): readonly string[];
}

const FILES = { gmail: "gmail-v1.discovery.json", admin: "admin-directory-v1.discovery.json" } as const;

export type DocumentedService = keyof typeof FILES;

const folder = process.env.POSTERN_SPECS;

/** Whether `POSTERN_SPECS` names a folder with Google's discovery documents; tests that need them are skipped otherwise. */
export const hasGoogleSpecs =
  folder !== undefined && Object.values(FILES).every((file) => existsSync(join(folder, file)));

const documents = new Map<DocumentedService, DiscoveryDocument>();

/** Reads a discovery document, once. @throws Error when `POSTERN_SPECS` is not set. */
export function googleDocument(service: DocumentedService): DiscoveryDocument {
  if (folder === undefined) throw new Error("POSTERN_SPECS is not set");
  const document = documents.get(service) ?? readDocument(join(folder, FILES[service]));
  documents.set(service, document);
  return document;
}

/**
 * What is wrong with a request by Google's own description: unknown path, parameter or body field, wrong type, or a
 * token without any scope of the method. Empty when it is right, and for services without a description here.
 */
export function checkGoogleRequest(seen: SeenRequest): string[] {
  if (seen.service !== "gmail" && seen.service !== "admin") return [];
  const document = googleDocument(seen.service);
  const found = findMethod(document, seen);
  const where = `${seen.method} ${seen.path}`;
  if (found === null) return [`${where}: no such method`];
  const { method, isUpload } = found;
  return [
    ...parameterFaults(document, method, seen),
    ...bodyFaults(document, method, seen, isUpload),
    ...scopeFaults(method, seen),
  ].map((fault) => `${where} (${method.id}): ${fault}`);
}

function findMethod(
  document: DiscoveryDocument,
  seen: SeenRequest,
): { readonly method: DiscoveryMethod; readonly isUpload: boolean } | null {
  const fitting = document.methods.flatMap((method) => {
    if (method.httpMethod !== seen.method) return [];
    const isUpload = fits(method.mediaUpload?.protocols.simple.path, seen.path);
    return isUpload || fits(`/${method.path}`, seen.path) ? [{ method, isUpload }] : [];
  });
  // `messages/send` fits `messages/{id}` too: the one with fewer variables is meant.
  const variables = ({ method }: (typeof fitting)[number]): number => method.path.split("{").length;
  return fitting.sort((a, b) => variables(a) - variables(b))[0] ?? null;
}

function fits(template: string | undefined, path: string): boolean {
  if (template === undefined) return false;
  const pattern = template
    .split(/(\{[^}]*\})/)
    .map((piece) => (piece.startsWith("{") ? "[^/]+" : piece.replace(/[.*+?^$()|[\]\\]/g, "\\$&")))
    .join("");
  return new RegExp(`^${pattern}$`).test(path);
}

function parameterFaults(document: DiscoveryDocument, method: DiscoveryMethod, seen: SeenRequest): string[] {
  const known = { ...document.parameters, ...method.parameters };
  const given = new Set(seen.query.map(([name]) => name));
  const missing = Object.entries(known)
    .filter(([name, { location, required }]) => location === "query" && required === true && !given.has(name))
    .map(([name]) => `parameter ${name} is missing`);
  const wrong = seen.query.flatMap(([name, value]) => {
    const parameter = known[name];
    if (parameter?.location !== "query") return [`unknown parameter ${name}`];
    return isOfType(parameter, value) ? [] : [`parameter ${name} has a wrong value`];
  });
  const doubled = [...given]
    .filter((name) => known[name]?.repeated !== true && seen.query.filter(([other]) => other === name).length > 1)
    .map((name) => `parameter ${name} is repeated`);
  return [...missing, ...wrong, ...doubled];
}

function isOfType({ type, enum: allowed, pattern }: DiscoveryParameter, value: string): boolean {
  if (allowed !== undefined && !allowed.includes(value)) return false;
  if (pattern !== undefined && !new RegExp(pattern).test(value)) return false;
  if (type === "integer") return /^-?\d+$/.test(value);
  if (type === "boolean") return value === "true" || value === "false";
  return true;
}

function bodyFaults(
  document: DiscoveryDocument,
  method: DiscoveryMethod,
  seen: SeenRequest,
  isUpload: boolean,
): string[] {
  const json = isUpload ? uploadedJson(seen) : seen.body;
  if (json.length === 0) return [];
  if (method.request === undefined) return json.toString("utf8").trim() === "{}" ? [] : ["the method takes no body"];
  let value: unknown;
  try {
    value = JSON.parse(json.toString("utf8"));
  } catch {
    return ["the body is no JSON"];
  }
  return document.faults(method.request.$ref, value).map((fault) => `body ${fault}`);
}

function uploadedJson(seen: SeenRequest): Buffer {
  const type = new Map(seen.query).get("uploadType") ?? null;
  return readUpload(seen.headers["content-type"] ?? "", type, seen.body, Number.POSITIVE_INFINITY).metadata;
}

function scopeFaults(method: DiscoveryMethod, seen: SeenRequest): string[] {
  const accepted = method.scopes ?? [];
  return seen.scopes.some((scope) => accepted.includes(scope)) ? [] : ["the token has none of the method's scopes"];
}

interface Resource {
  readonly methods?: Readonly<Record<string, DiscoveryMethod>>;
  readonly resources?: Readonly<Record<string, Resource>>;
}

function readDocument(file: string): DiscoveryDocument {
  const raw = JSON.parse(readFileSync(file, "utf8")) as Resource & Pick<DiscoveryDocument, "parameters" | "schemas">;
  const definitions = Object.fromEntries(
    Object.entries(raw.schemas).map(([name, schema]) => [name, toJsonSchema(schema)]),
  );
  const ajv = new Ajv({ strict: false, allErrors: true });
  const compiled = new Map<string, ValidateFunction>();
  return {
    parameters: raw.parameters,
    schemas: raw.schemas,
    methods: methodsOf(raw),
    faults(schema, value) {
      const validate = compiled.get(schema) ?? ajv.compile({ definitions, $ref: `#/definitions/${schema}` });
      compiled.set(schema, validate);
      if (validate(value)) return [];
      return (validate.errors ?? []).map(({ instancePath, message, params }) =>
        `${instancePath || "/"} ${message ?? ""} ${JSON.stringify(params)}`.trim(),
      );
    },
  };
}

function methodsOf(resource: Resource): readonly DiscoveryMethod[] {
  return [
    ...Object.values(resource.methods ?? {}),
    ...Object.values(resource.resources ?? {}).flatMap((child) => methodsOf(child)),
  ];
}
