import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { ecs } from "../../../src/export/formats/ecs.ts";
import { ALL_KINDS } from "./sample-events.ts";

/** Fields of the published schema's field sets that Postern writes. */
const schema = JSON.parse(readFileSync(new URL("../../fixtures/ecs.json", import.meta.url), "utf8")) as Readonly<
  Record<string, { readonly type: string; readonly array?: true; readonly values?: readonly string[] }>
>;
const TYPES: Readonly<Record<string, string>> = { long: "integer", float: "number" };
/** The published fields as JSON Schema over a document's leaves, which another validator judges. */
const validate = new Ajv({ allErrors: true }).compile({
  type: "object",
  additionalProperties: false,
  properties: Object.fromEntries(
    Object.entries(schema).map(([path, { type, array, values }]) => {
      const value = { type: TYPES[type] ?? "string", ...(values === undefined ? {} : { enum: values }) };
      return [path, array ? { type: "array", items: value } : value];
    }),
  ),
});

function leaves(value: unknown, path: string): (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, path === "" ? name : `${path}.${name}`));
}

describe("ECS", () => {
  it.each(ALL_KINDS.map((event, index) => [index, event.kind, event] as const))(
    "event %i (%s) has only fields of the schema, with their types and allowed values, besides its own",
    (_index, _kind, event) => {
      const { postern, ...document } = JSON.parse(ecs(event, { version: "1.2.3", run: "run-1" })[0]?.text ?? "") as {
        readonly postern: Readonly<Record<string, unknown>>;
      };
      const fields = Object.fromEntries(leaves(document, ""));
      expect(validate(fields), JSON.stringify(validate.errors)).toBe(true);
      for (const wrong of [
        { ...fields, "event.kind": "alarm" },
        { ...fields, "email.colour": "red" },
      ])
        expect(validate(wrong)).toBe(false);
      expect(postern).toMatchObject({ EventID: event.id, export: { run_id: "run-1", backfill: true } });
    },
  );
});
