import type { BuiltInDetector } from "../detector.ts";
import { dea } from "../validators/dea.ts";

export const usDea: BuiltInDetector = {
  id: "us-dea",
  description: "United States DEA registration numbers (controlled substances)",
  source: "US Drug Enforcement Administration, Diversion Control Division",
  view: "folded",
  shapes: [
    { pattern: "[A-HJ-MPR-UXa-hj-mpr-ux][A-Za-z9]-?\\d{7}", weight: 0.25, note: "registrant letters and 7 digits" },
  ],
  validator: dea,
  context: [
    "dea",
    "dea number",
    "dea no",
    "dea#",
    "dea registration",
    "prescriber",
    "prescription",
    "controlled substance",
    "physician",
    "registrant",
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "DEA AB1234563",
      "DEA number: F91234563",
      "prescriber dea# ab1234563",
      "dea registration BB1388568",
      "DEA: MS1234563",
    ],
    negative: ["DEA AB1234564", "DEA IB1234563", "AB1234563", "DEA AB12345630", "DEA AA0000000"],
  },
};
