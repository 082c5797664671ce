import type { BuiltInDetector } from "../detector.ts";
import { caSin as validator } from "../validators/ca-sin.ts";

export const caSin: BuiltInDetector = {
  id: "ca-sin",
  description: "Canadian social insurance numbers",
  source: "https://www.canada.ca/en/employment-social-development/services/sin.html",
  view: "folded",
  shapes: [
    { pattern: "\\d{3}-\\d{3}-\\d{3}", weight: 0.2, note: "3-3-3 digits with dashes" },
    { pattern: "\\d{3} \\d{3} \\d{3}", weight: 0.18, note: "3-3-3 digits" },
    { pattern: "\\d{9}", weight: 0.14, note: "9 digits" },
  ],
  validator,
  context: [
    ...[
      "sin",
      "s.i.n",
      "sin number",
      "sin no",
      "sin#",
      "social insurance",
      "social insurance number",
      "social insurance no",
      "nas",
      "numéro d'assurance sociale",
      "assurance sociale",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "SIN 123 456 782",
      "social insurance number: 123-456-782",
      "sin# 130692544",
      "NAS 123456782",
      "numéro d'assurance sociale 193 456 787",
    ],
    negative: ["SIN 123 456 789", "123 456 782", "SIN 1234567820", "SIN 823 456 782", "invoice 123456782"],
  },
};
