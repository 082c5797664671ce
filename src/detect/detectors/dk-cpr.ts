import type { BuiltInDetector } from "../detector.ts";
import { dkCpr as validator } from "../validators/dk-cpr.ts";

export const dkCpr: BuiltInDetector = {
  id: "dk-cpr",
  description: "Danish personal numbers (CPR)",
  source: "https://cpr.dk",
  view: "folded",
  shapes: [
    { pattern: "\\d{6}-\\d{4}", weight: 0.2, note: "6-4 digits" },
    { pattern: "\\d{6} \\d{4}", weight: 0.15, note: "6-4 digits with a space" },
    { pattern: "\\d{10}", weight: 0.12, note: "10 digits" },
  ],
  validator,
  context: [...["cpr", "cpr-nr", "cpr nr", "cpr-nummer", "cprnr", "personnummer", "danish personal"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "CPR 211062-5629",
      "cpr-nr: 2110625629",
      "CPR-nummer 211062 5629",
      "personnummer 010190-1234",
      "CPR: 290200-1234",
    ],
    negative: ["CPR 321062-5629", "211062-5629", "CPR 211062-56290", "CPR 211362-5629", "ordre 2110625629"],
  },
};
