import { describe, expect, it } from "vitest";
import { inlineDictionaries } from "../../../src/policy/inline-dictionaries.ts";
import { policyOf } from "./fixture.ts";
import { vocabulary } from "./vocabulary.ts";

const readFile = (path: string) => vocabulary.readFile?.(path)?.filter((line) => line !== "");
const SOURCE = `# Ours
detectors:
  - { id: names, dictionary: names.txt } # code names
  - { id: gone, dictionary: gone.txt }
  - { id: other, words: [x] }
`;

describe("a policy that is sent away from its dictionaries", () => {
  it("takes their entries along as words, and keeps its comments", () => {
    const inlined = inlineDictionaries(SOURCE, "yaml", readFile);
    expect(inlined).toContain("# Ours");
    expect(inlined).toContain("# code names");
    expect(inlined).toContain("dictionary: gone.txt");
    expect(policyOf(inlined.replace(/.*gone.*\n/, "")).detectors[0]?.words).toEqual(["falcon", "grey osprey"]);
  });

  it("stays JSON when it is JSON", () => {
    const inlined = inlineDictionaries('{"detectors":[{"id":"a","dictionary":"names.txt"}]}', "json", readFile);
    expect(JSON.parse(inlined)).toEqual({ detectors: [{ id: "a", words: ["falcon", "grey osprey"] }] });
  });

  it("stays letter for letter when it names none, or cannot be read", () => {
    for (const source of ["version:   1", "detectors: [", "- 1", "", "detectors: [{ id: a, dictionary: gone.txt }]"]) {
      expect(inlineDictionaries(source, "yaml", readFile)).toBe(source);
    }
  });
});
