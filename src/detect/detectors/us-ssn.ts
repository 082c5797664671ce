import type { BuiltInDetector } from "../detector.ts";
import { usSsn as validator } from "../validators/us-ssn.ts";

export const usSsn: BuiltInDetector = {
  id: "us-ssn",
  description: "United States social security numbers",
  source: "https://www.ssa.gov/employer/verifySSN.htm",
  view: "folded",
  shapes: [
    { pattern: "\\d{3}-\\d{2}-\\d{4}", weight: 0.35, note: "3-2-4 digits with dashes" },
    { pattern: "\\d{3} \\d{2} \\d{4}", weight: 0.25, note: "3-2-4 digits with spaces" },
    { pattern: "\\d{9}", weight: 0.15, note: "9 digits" },
  ],
  validator,
  context: [
    ...[
      "ssn",
      "ssns",
      "ss#",
      "ssn#",
      "ssid",
      "soc sec",
      "social security",
      "social security number",
      "social security no",
    ],
    ...["social insurance", "tax id", "taxpayer", "seguro social", "número de seguro social"],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "SSN: 734-12-3456",
      "My social security number is 734 12 3456",
      "ssn 821304017",
      "Social Security: 219-09-1234",
      "ss# 536-22-8145",
    ],
    negative: [
      "SSN 000-12-3456",
      "SSN 987-65-4320",
      "SSN 666-12-3456",
      "SSN 078-05-1120",
      "Cause No. 822040411 in the 411th District",
      "734-12-3456",
      "SSN 734-00-3456",
    ],
  },
};
