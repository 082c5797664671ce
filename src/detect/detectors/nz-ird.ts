import type { BuiltInDetector } from "../detector.ts";
import { nzIrd as validator } from "../validators/nz-ird.ts";

export const nzIrd: BuiltInDetector = {
  id: "nz-ird",
  description: "New Zealand tax numbers (IRD)",
  source: "Inland Revenue of New Zealand",
  view: "folded",
  shapes: [
    { pattern: "\\d{2,3}-\\d{3}-\\d{3}", weight: 0.2, note: "groups of 3 with dashes" },
    { pattern: "\\d{2,3} \\d{3} \\d{3}", weight: 0.15, note: "groups of 3" },
    { pattern: "\\d{8,9}", weight: 0.13, note: "8 or 9 digits" },
  ],
  validator,
  context: [...["ird", "ird number", "ird no", "inland revenue", "tax number", "ird#"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "IRD 49-091-850",
      "IRD number: 136410132",
      "ird no 136-410-132",
      "Inland Revenue 49 091 850",
      "my ird number is 49091850",
    ],
    negative: ["IRD 136410133", "136410132", "IRD 1364101320", "IRD 00-091-850", "order 49091850"],
  },
};
