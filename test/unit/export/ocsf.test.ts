import { readFileSync } from "node:fs";
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

function faults(value: Readonly<Record<string, unknown>>, shape: Shape, path: string): string[] {
  const missing = Object.entries(shape)
    .filter(([name, { required }]) => required && value[name] === undefined)
    .map(([name]) => `${path}.${name} is required`);
  return [
    ...missing,
    ...Object.entries(value).flatMap(([name, inner]) => {
      const attribute = shape[name];
      if (attribute === undefined) return [`${path}.${name} is unknown`];
      if (!attribute.array) return valueFaults(inner, attribute, `${path}.${name}`);
      if (!Array.isArray(inner)) return [`${path}.${name} is no list`];
      return inner.flatMap((entry) => valueFaults(entry, attribute, `${path}.${name}[]`));
    }),
  ];
}

function valueFaults(value: unknown, { type, enum: allowed }: Attribute, path: string): string[] {
  if (type === "object") return typeof value === "object" && value !== null ? [] : [`${path} is no object`];
  if (!type.endsWith("_t")) {
    const shape = schema.objects[type];
    if (shape === undefined) return [`${path}: ${type} is not in the fixture`];
    return typeof value === "object" && value !== null ? faults({ ...value }, shape, path) : [`${path} is no ${type}`];
  }
  const expected =
    { integer_t: "number", long_t: "number", timestamp_t: "number", boolean_t: "boolean" }[type] ?? "string";
  if (typeof value !== expected) return [`${path} is ${typeof value}, ${type} expected`];
  return allowed === undefined || allowed.includes(value as number) ? [] : [`${path} may not be ${String(value)}`];
}

const parsed = (event: EventRecord, run?: string): Record<string, unknown>[] =>
  ocsf(event, { version: "1.2.3", ...(run === undefined ? {} : { run }) }).map(
    ({ text }) => JSON.parse(text) as Record<string, unknown>,
  );

describe("OCSF", () => {
  it.each(ALL_KINDS.map((event, index) => [index, event.kind, event] as const))(
    "event %i (%s) has only attributes of its class, of their types, and all required ones",
    (_index, _kind, event) => {
      for (const record of [...parsed(event), ...parsed(event, "run-1")]) {
        const shape = schema.classes[CLASSES[record.class_uid as number] ?? ""];
        expect(shape).toBeDefined();
        expect(faults(record, shape ?? {}, "event")).toEqual([]);
        expect(record.type_uid).toBe((record.class_uid as number) * 100 + (record.activity_id as number));
      }
    },
  );

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
