import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SETTING_NAMES } from "../../../src/app/config.ts";

describe("README.md", () => {
  const readme = readFileSync("README.md", "utf8");

  it("lists every setting of the configuration, and no other", () => {
    const table = readme.slice(readme.indexOf("## Configuration"), readme.indexOf("## What is stored where"));
    const first = table.split("\n").flatMap((line) => (line.startsWith("| `") ? [line.split("|")[1] ?? ""] : []));
    const named = first.flatMap((cell) => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name));
    expect(new Set(named)).toEqual(new Set(SETTING_NAMES));
  });

  it("links to pages that are there", () => {
    for (const [, path = ""] of readme.matchAll(/\]\(([^)#:]+)\)/g))
      expect(readFileSync(path, "utf8").length).toBeGreaterThan(0);
  });
});
