import { describe, expect, it } from "vitest";
import { printTrials } from "../../../src/cli/policy-try.ts";
import { tryDetectors } from "../../../src/detect/try-detectors.ts";

const text = "The card 4111 1111 1111 1111 of Project Falcon";
const policy = {
  detectors: [
    { id: "names", description: "", exclude: [], mask: "full", text: "normalised", pattern: "project falcon" },
    { id: "none", description: "", exclude: [], mask: "full", text: "raw", pattern: "zebra" },
  ],
  skipList: "default",
  testNumbers: "report",
} as const;

function printed(reveal: boolean, of = text): string[] {
  const lines: string[] = [];
  printTrials(tryDetectors(of, policy), reveal, (line) => lines.push(line));
  return lines;
}

describe("postern policy check --try", () => {
  it("says what each detector found, in which view and at what cost, with values masked", () => {
    const lines = printed(false);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^names \(policy\): 1 found, saw the normalised text, [\d.]+ ms per megabyte$/),
        expect.stringMatching(/^ {2}33-46: \*{14}, medium \(pattern of the policy\)$/),
        expect.stringMatching(/^none \(policy\): nothing found, saw the raw text, [\d.]+ ms per megabyte$/),
        expect.stringMatching(/^credit-card \(built in\): 1 found, saw the folded text, /),
        expect.stringMatching(/^ {2}10-28: \*{15}1111, (medium|high) \(.+\)$/),
      ]),
    );
    expect(lines.join("\n")).not.toMatch(/falcon|4111/i);
  });

  it("shows values, and the text as it was seen, when it is asked to", () => {
    const shown = printed(true).join("\n");
    expect(shown).toContain("4111 1111 1111 1111");
    expect(shown).toContain("Project Falcon");
    expect(shown).toMatch(/^ {2}saw: .*project falcon/m);
  });

  it("lets no control character through to the terminal, and says when nothing is found", () => {
    expect(printed(true, "\u001b[2J zebra").join("")).not.toContain("\u001b");
    expect(printed(false, "hello").at(-1)).toBe("no built-in detector finds anything");
  });
});
