import type { BuiltInDetector } from "../detector.ts";
import { inPan as validator } from "../validators/in-pan.ts";

export const inPan: BuiltInDetector = {
  id: "in-pan",
  description: "Indian permanent account numbers (PAN)",
  source: "Income Tax Department of India",
  view: "folded",
  shapes: [
    {
      pattern: "[A-Za-z]{3}[ABCFGHJLPTKabcfghjlptk][A-Za-z]\\d{4}[A-Za-z]",
      weight: 0.3,
      note: "5 letters, 4 digits, letter",
    },
  ],
  validator,
  context: [
    ...["pan", "pan card", "pan number", "pan no", "permanent account", "permanent account number", "income tax"],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "PAN AAAPL1234C",
      "permanent account number: AAAPL1234C",
      "pan card aaapl1234c",
      "PAN no. ABCPD1234E",
      "income tax PAN BNZPM2501F",
    ],
    negative: ["PAN AAADL1234C", "AAAPL1234C", "PAN AAAPL12345", "PAN AAAPL0000C", "PAN XAAAPL1234C"],
  },
};
