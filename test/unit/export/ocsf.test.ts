import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import type { EventRecord } from "../../../src/core/records.ts";
import { ocsf } from "../../../src/export/formats/ocsf.ts";
import { ALL_KINDS, verdict } from "./sample-events.ts";

interface Attribute {
  readonly type: string;
  readonly array?: true;
  readonly required?: true;
  readonly enum?: readonly number[];
}
type Shape = Readonly<Record<string, Attribute>>;
/** Attributes of the published schema's classes and objects that Postern writes. */
const schema = JSON.parse(readFileSync(new URL("../../fixtures/ocsf.json", import.meta.url), "utf8")) as {
  readonly classes: Readonly<Record<string, Shape>>;
  readonly objects: Readonly<Record<string, Shape>>;
};
const CLASSES: Readonly<Record<number, string>> = {
  2006: "data_security_finding",
  3004: "entity_management",
  4009: "email_activity",
  6008: "application_error",
};

const SCALARS: Readonly<Record<string, object>> = {
  integer_t: { type: "integer" },
  long_t: { type: "integer" },
  timestamp_t: { type: "integer" },
  boolean_t: { type: "boolean" },
};

/** The published shapes as JSON Schema, which another validator judges. */
function valueSchema({ type, enum: allowed }: Attribute): object {
  if (type === "object") return { type: "object" };
  if (!type.endsWith("_t")) return { $ref: `#/definitions/${type}` };
  return { ...(SCALARS[type] ?? { type: "string" }), ...(allowed === undefined ? {} : { enum: allowed }) };
}

function objectSchema(shape: Shape): object {
  const entries = Object.entries(shape);
  return {
    type: "object",
    additionalProperties: false,
    required: entries.flatMap(([name, { required }]) => (required ? [name] : [])),
    properties: Object.fromEntries(
      entries.map(([name, attribute]) => {
        const value = valueSchema(attribute);
        return [name, attribute.array ? { type: "array", items: value } : value];
      }),
    ),
  };
}

// An object that Postern never writes is not in the fixture: nothing fits it.
const named = Object.values({ ...schema.classes, ...schema.objects }).flatMap((shape) =>
  Object.values(shape).flatMap(({ type }) => (type.endsWith("_t") || type === "object" ? [] : [type])),
);
const definitions = Object.fromEntries([
  ...named.map((type) => [type, { not: {} }] as const),
  ...Object.entries(schema.objects).map(([type, shape]) => [type, objectSchema(shape)] as const),
]);
const ajv = new Ajv({ allErrors: true });
const validators = new Map(
  Object.entries(schema.classes).map(([name, shape]) => [name, ajv.compile({ ...objectSchema(shape), definitions })]),
);

const parsed = (event: EventRecord, run?: string): Record<string, unknown>[] =>
  ocsf(event, { version: "1.2.3", ...(run === undefined ? {} : { run }) }).map(
    ({ text }) => JSON.parse(text) as Record<string, unknown>,
  );

describe("OCSF", () => {
  it.each(ALL_KINDS.map((event, index) => [index, event.kind, event] as const))(
    "event %i (%s) has only attributes of its class, of their types, and all required ones",
    (_index, _kind, event) => {
      for (const record of [...parsed(event), ...parsed(event, "run-1")]) {
        const validate = validators.get(CLASSES[record.class_uid as number] ?? "");
        expect(validate?.(record), JSON.stringify(validate?.errors)).toBe(true);
        expect(record.type_uid).toBe((record.class_uid as number) * 100 + (record.activity_id as number));
      }
    },
  );

  it("is judged by a validator that finds what is missing, unknown, or of another type", () => {
    const [record = {}] = parsed(verdict());
    const validate = validators.get("data_security_finding");
    for (const wrong of [
      { ...record, finding_info: undefined, severity_id: "4" },
      { ...record, severity_id: 42 },
      { ...record, colour: "red" },
      { ...record, actor: { user: { nose: 1 } } },
    ])
      expect(validate?.(JSON.parse(JSON.stringify(wrong)))).toBe(false);
  });

  it("gives a verdict as finding and email activity that share a correlation uid and not their own", () => {
    const [finding, activity] = parsed(verdict()).map((record) => record.metadata as Record<string, unknown>);
    expect(finding?.correlation_uid).toBe(activity?.correlation_uid);
    expect(finding?.uid).toBe("event-1");
    expect(activity?.uid).toBe("event-1-activity");
  });

  it("never calls mail that was sent already blocked", () => {
    expect(parsed(verdict({ stage: "sent" }))[0]).toMatchObject({ action_id: 3, disposition_id: 15 });
    expect(parsed(verdict({ stage: "compose" }))[0]).toMatchObject({ action_id: 2, disposition_id: 2 });
  });
});
