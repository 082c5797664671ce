import { describe, expect, it } from "vitest";
import { readSources, structureFaults } from "../../../tools/structure.ts";

const file = (path: string, text: string) => ({ path, text });

describe("structure", () => {
  it("finds nothing wrong with the tree as it stands", () => {
    expect(structureFaults(readSources("."))).toEqual([]);
  });

  it.each([
    [
      "a room that looks sideways",
      "src/detect/a.ts",
      'import { x } from "../extract/extract.ts";',
      "src/detect may not import src/extract",
    ],
    [
      "a room that looks up",
      "src/pipeline/a.ts",
      'import type { X } from "../intake/worker.ts";',
      "src/pipeline may not import src/intake",
    ],
    [
      "a connector that reads another",
      "connectors/microsoft365/a.ts",
      'import { x } from "../google-workspace/watch.ts";',
      "may not import connectors/google-workspace",
    ],
    [
      "an adapter named outside app",
      "src/http/a.ts",
      'import { x } from "../store/store.ts";',
      "src/http may not import src/store",
    ],
    [
      "a package that another room hides",
      "src/policy/a.ts",
      'import RE2 from "re2";',
      "only src/detect may import re2",
    ],
    ["a package in core", "src/core/a.ts", 'import { z } from "zod";', "core imports nothing"],
    ["a lazy import", "src/cli/a.ts", 'await import("../app/demo.ts");', "src/cli may not import src/app"],
    ["a file outside every room", "src/misc/a.ts", "", "belongs to no room"],
  ])("reports %s", (_case, path, text, reason) => {
    expect(structureFaults([file(path, text)]).join("\n")).toContain(reason);
  });

  it("reports a file that is too large to hold in the head", () => {
    expect(structureFaults([file("src/core/a.ts", " ".repeat(12_001))]).join("\n")).toContain("at most 12000");
  });
});
