import type { BuiltInDetector } from "../detector.ts";
import { usEin as validator } from "../validators/us-ein.ts";

export const usEin: BuiltInDetector = {
  id: "us-ein",
  description: "United States employer identification numbers",
  source: "https://www.irs.gov/businesses/small-businesses-self-employed/how-eins-are-assigned-and-valid-ein-prefixes",
  view: "folded",
  shapes: [
    { pattern: "\\d{2}-\\d{7}", weight: 0.3, note: "2-7 digits with a dash" },
    { pattern: "\\d{9}", weight: 0.1, note: "9 digits" },
  ],
  validator,
  context: [
    ...[
      "ein",
      "eins",
      "fein",
      "employer identification",
      "employer identification number",
      "employer id",
      "federal tax id",
      "federal ein",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "EIN 12-3456789",
      "Our FEIN: 95-1234567",
      "employer identification number is 04-3333333",
      "Federal Tax ID 46-1234567",
      "ein: 123456789",
    ],
    negative: ["12-3456789", "EIN 07-3456789", "EIN 12-34567890", "part 12-3456789", "EIN 49-1234567"],
  },
};
