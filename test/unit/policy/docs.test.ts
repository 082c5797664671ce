import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadPolicy } from "../../../src/policy/load.ts";
import { DEFAULT_SETTINGS } from "../../../src/policy/settings.ts";
import { vocabulary } from "./vocabulary.ts";

const page = readFileSync(new URL("../../../docs/policies.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? "");

describe("docs/policies.md", () => {
  it("has examples that load without a fault", () => {
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) expect(loadPolicy(example, "yaml", vocabulary)).toMatchObject({ ok: true });
  });

  it("lists every setting with its default", () => {
    const rows = [...page.matchAll(/^\| `((?:dlp|notify|guard|quarantine)\.[a-z.-]+)` \| `(.*?)` \|/gm)];
    const documented = Object.fromEntries(rows.map((row) => [row[1], JSON.parse(row[2] ?? "")]));
    expect(documented).toEqual(DEFAULT_SETTINGS);
  });
});
