import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DATASETS } from "../../../src/core/export.ts";
import { FIELDS } from "../../../src/export/datasets.ts";

const text = readFileSync(new URL("../../../docs/events.md", import.meta.url), "utf8");

describe("docs/events.md", () => {
  it.each(DATASETS)("documents every field of %s with type, meaning and example, and no other", (dataset) => {
    const section = text.split(`### \`${dataset}\``)[1]?.split(/^##/m)[0] ?? "";
    const rows = section.split("\n").filter((line) => /^\| [A-Z]/.test(line));
    expect(rows).toEqual(
      FIELDS[dataset].map(
        ({ name, type, about, example }) => `| ${name} | ${type} | ${about} | \`${JSON.stringify(example)}\` |`,
      ),
    );
  });
});
