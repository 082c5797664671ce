import type { BuiltInDetector } from "../detector.ts";
import { gbNino as validator } from "../validators/gb-nino.ts";

export const gbNino: BuiltInDetector = {
  id: "gb-nino",
  description: "United Kingdom national insurance numbers",
  source: "HMRC National Insurance Manual, NIM39110",
  view: "folded",
  shapes: [
    {
      pattern: "[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z] ?\\d{2} ?\\d{2} ?\\d{2} ?[A-Da-d]",
      weight: 0.28,
      note: "2 letters, 6 digits, letter",
    },
    {
      pattern: "[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z]-\\d{2}-\\d{2}-\\d{2}-[A-Da-d]",
      weight: 0.28,
      note: "with dashes",
    },
  ],
  validator,
  context: [
    ...[
      "nino",
      "ni number",
      "ni no",
      "nin",
      "national insurance",
      "national insurance number",
      "national insurance no",
      "n.i. number",
      "paye",
      "hmrc",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "NINO AB 12 34 56 C",
      "National Insurance number: AB123456C",
      "ni number jg103759a",
      "my NI no is SR-12-34-56-B",
      "national insurance CE 12 34 56 D",
    ],
    negative: ["NINO QQ 12 34 56 C", "NINO BG123456C", "AB123456C", "NINO AB 12 34 56 E", "NINO AB1234567C"],
  },
};
