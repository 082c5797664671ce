import type { BuiltInDetector } from "../detector.ts";
import { iePpsn as validator } from "../validators/ie-ppsn.ts";

export const iePpsn: BuiltInDetector = {
  id: "ie-ppsn",
  description: "Irish personal public service numbers",
  source: "Department of Social Protection",
  view: "folded",
  shapes: [
    { pattern: "\\d{7}[A-Wa-w][A-IWa-iw]?", weight: 0.28, note: "7 digits and letters" },
    { pattern: "\\d{7} [A-Wa-w]{1,2}", weight: 0.15, note: "7 digits, space, letters" },
  ],
  validator,
  context: [
    ...[
      "pps",
      "ppsn",
      "pps number",
      "pps no",
      "personal public service",
      "personal public service number",
      "rsi number",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "PPS number 1234567T",
      "PPSN: 1234567FA",
      "pps no 1234567 T",
      "Personal Public Service Number 1234567t",
      "ppsn 6433435F",
    ],
    negative: ["PPS 1234567A", "1234567T", "PPS 12345678T", "PPS 1234567X", "part 1234567T"],
  },
};
