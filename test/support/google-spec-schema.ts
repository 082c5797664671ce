/** A schema of a discovery document: JSON Schema draft 3 with Google's own formats. */
export interface DiscoverySchema {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly $ref?: string;
  readonly enum?: readonly string[];
  readonly items?: DiscoverySchema;
  readonly properties?: Readonly<Record<string, DiscoverySchema>>;
  readonly additionalProperties?: DiscoverySchema;
}

/** 64-bit numbers travel as strings of digits; bytes as base64url. */
const STRING_FORMATS: Readonly<Record<string, string>> = {
  int64: "^-?\\d{1,19}$",
  uint64: "^\\d{1,20}$",
  byte: "^[A-Za-z0-9_-]*={0,2}$",
};

/** A strict JSON Schema: nothing that the document does not name is let through. */
export function toJsonSchema(schema: DiscoverySchema): object {
  if (schema.$ref !== undefined) return { $ref: `#/definitions/${schema.$ref}` };
  switch (schema.type) {
    case "object":
      return {
        type: "object",
        properties: Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([name, child]) => [name, toJsonSchema(child)]),
        ),
        additionalProperties:
          schema.additionalProperties === undefined ? false : toJsonSchema(schema.additionalProperties),
      };
    case "array":
      return { type: "array", items: toJsonSchema(schema.items ?? {}) };
    case "string": {
      const pattern = STRING_FORMATS[schema.format ?? ""];
      return {
        type: "string",
        ...(schema.enum === undefined ? {} : { enum: schema.enum }),
        ...(pattern === undefined ? {} : { pattern }),
      };
    }
    case "integer":
    case "number":
    case "boolean":
      return { type: schema.type };
    default:
      return {};
  }
}
