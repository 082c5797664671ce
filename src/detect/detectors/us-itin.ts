import type { BuiltInDetector } from "../detector.ts";
import { usItin as validator } from "../validators/us-itin.ts";

export const usItin: BuiltInDetector = {
  id: "us-itin",
  description: "United States individual taxpayer identification numbers",
  source: "https://www.irs.gov/individuals/individual-taxpayer-identification-number",
  view: "folded",
  shapes: [
    { pattern: "9\\d{2}-\\d{2}-\\d{4}", weight: 0.3, note: "3-2-4 digits with dashes" },
    { pattern: "9\\d{2} \\d{2} \\d{4}", weight: 0.2, note: "3-2-4 digits with spaces" },
    { pattern: "9\\d{8}", weight: 0.15, note: "9 digits" },
  ],
  validator,
  context: [
    ...[
      "itin",
      "itins",
      "individual taxpayer",
      "individual taxpayer identification number",
      "taxpayer id",
      "taxpayer identification number",
      "tax id",
      "tin",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "ITIN 912-90-3456",
      "itin: 912 90 3456",
      "individual taxpayer identification number 912903456",
      "Taxpayer ID: 950-70-1234",
      "ITIN is 999-88-1234",
    ],
    negative: ["ITIN 912-93-3456", "ITIN 812-90-3456", "912-90-3456", "ITIN 912-90-34567", "order 912903456"],
  },
};
