import type { BuiltInDetector } from "../detector.ts";
import { nhs } from "../validators/nhs.ts";

export const gbNhs: BuiltInDetector = {
  id: "gb-nhs",
  description: "United Kingdom NHS numbers (England, Wales, Isle of Man)",
  source: "NHS Data Model and Dictionary, NHS NUMBER",
  view: "folded",
  shapes: [
    { pattern: "\\d{3}[ -]\\d{3}[ -]\\d{4}", weight: 0.2, note: "3-3-4 digits" },
    { pattern: "\\d{10}", weight: 0.15, note: "10 digits" },
  ],
  validator: nhs,
  isTestValue: (canonical) => canonical.startsWith("999"),
  context: [
    "nhs",
    "nhs number",
    "nhs no",
    "national health service",
    "patient",
    "patient number",
    "health record",
    "gp",
    "hospital",
    "gig",
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "NHS 943 476 5919",
      "NHS number: 9434765919",
      "patient 943-476-5919",
      "NHS no 999 000 0018",
      "nhs 401 023 2137",
    ],
    negative: ["NHS 943 476 5918", "943 476 5919", "call 9434765919 now", "NHS 94347659190", "NHS 000 000 0000"],
  },
};
