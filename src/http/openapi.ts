import type { FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";
import {
  actionSchema,
  findingSchema,
  messageSchema,
  problemSchema,
  quarantineSchema,
  recipientSchema,
} from "./api/records.ts";

/** What `sendProblem` answers. */
const problemDocument = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string().describe("see docs/errors.md"),
  errors: z
    .array(z.object({ path: z.string().describe("JSON pointer (RFC 6901)"), reason: z.string() }))
    .optional()
    .describe("what is wrong with the request, one by one"),
});

/**
 * Objects that have a name of their own in the document. Matched by what they are, since zod's own registry of names
 * is one for the whole process and takes each name once.
 */
const NAMED: Readonly<Record<string, z.ZodType>> = {
  Message: messageSchema,
  QuarantineItem: quarantineSchema,
  Recipient: recipientSchema,
  Finding: findingSchema,
  UnreadPart: problemSchema,
  Action: actionSchema,
  Problem: problemDocument,
};

/** The OpenAPI 3.1 document of everything below `/api/v1`, made from the routes' own schemas. */
export function openApiOptions(version: string): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Postern administration API",
        version,
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
      security: [{ bearer: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (made) => ("openapiObject" in made ? completed(made.openapiObject) : made.swaggerObject),
  };
}

function completed<Made extends object>(made: Made): Made {
  const definitions = Object.entries(NAMED).map(([name, schema]) => [name, jsonSchemaOf(schema)] as const);
  const names = new Map(definitions.map(([name, definition]) => [JSON.stringify(definition), name]));
  const schemas = Object.fromEntries(definitions.map(([name, definition]) => [name, within(definition, names)]));
  const document = JSON.parse(JSON.stringify(made)) as Document;
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) complete(operation);
  document.components.schemas = schemas;
  document.paths = within(document.paths, names) as Document["paths"];
  return document as unknown as Made;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas?: Record<string, unknown> };
}

interface Operation {
  readonly requestBody?: { readonly content: Record<string, { schema: unknown }> };
  readonly responses: Record<string, { description: string; content?: unknown }>;
}

/** Every answer that is not documented by itself is a problem; mail is no JSON. */
function complete({ requestBody, responses }: Operation): void {
  for (const [status, response] of Object.entries(responses))
    if (response.description === "Default Response") response.description = status.startsWith("2") ? "Done" : "Refused";
  const schema = { $ref: "#/components/schemas/Problem" };
  responses.default = {
    description: "A problem document (RFC 9457)",
    content: { "application/problem+json": { schema } },
  };
  const mail = requestBody?.content["message/rfc822"];
  if (mail) mail.schema = { type: "string", contentMediaType: "message/rfc822" };
}

/** A copy in which every object that has a name is a reference to it, at any depth. */
function within(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => referenceOr(entry, names));
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, referenceOr(entry, names)]));
}

function referenceOr(value: unknown, names: ReadonlyMap<string, string>): unknown {
  const name = typeof value === "object" ? names.get(JSON.stringify(value)) : undefined;
  return name === undefined ? within(value, names) : { $ref: `#/components/schemas/${name}` };
}

function jsonSchemaOf(schema: z.ZodType): object {
  const { $schema: _dialect, ...definition } = z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
  return definition;
}
