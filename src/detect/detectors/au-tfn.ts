import type { BuiltInDetector } from "../detector.ts";
import { auTfn as validator } from "../validators/au-tfn.ts";

export const auTfn: BuiltInDetector = {
  id: "au-tfn",
  description: "Australian tax file numbers",
  source: "https://www.ato.gov.au",
  view: "folded",
  shapes: [
    { pattern: "\\d{3} \\d{3} \\d{3}", weight: 0.18, note: "3-3-3 digits" },
    { pattern: "\\d{3}-\\d{3}-\\d{3}", weight: 0.17, note: "3-3-3 digits with dashes" },
    { pattern: "\\d{9}", weight: 0.14, note: "9 digits" },
  ],
  validator,
  context: [...["tfn", "tfns", "tax file", "tax file number", "tax file no", "ato"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "TFN 123 456 782",
      "tax file number: 123456782",
      "my TFN is 123-456-782",
      "Tax File No 876 543 210",
      "tfn 865414088",
    ],
    negative: ["TFN 123 456 789", "123 456 782", "TFN 1234567820", "TFN 000 000 000", "invoice 123456782"],
  },
};
