import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ecs } from "../../../src/export/formats/ecs.ts";
import { ALL_KINDS } from "./sample-events.ts";

/** Fields of the published schema's field sets that Postern writes. */
const schema = JSON.parse(readFileSync(new URL("../../fixtures/ecs.json", import.meta.url), "utf8")) as Readonly<
  Record<string, { readonly type: string; readonly array?: true; readonly values?: readonly string[] }>
>;
const NUMBERS = new Set(["long", "float"]);

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
      const wrong = leaves(document, "").flatMap(([path, value]) => {
        const field = schema[path];
        if (field === undefined) return [`${path} is unknown`];
        if (Array.isArray(value) !== (field.array === true))
          return [`${path} must ${field.array ? "" : "not "}be a list`];
        return [value].flat().flatMap((entry: unknown) => {
          if (typeof entry !== (NUMBERS.has(field.type) ? "number" : "string")) return [`${path} has a wrong type`];
          return field.values === undefined || field.values.includes(entry as string)
            ? []
            : [`${path}: ${String(entry)}`];
        });
      });
      expect(wrong).toEqual([]);
      expect(postern).toMatchObject({ EventID: event.id, export: { run_id: "run-1", backfill: true } });
    },
  );
});
