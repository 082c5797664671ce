import type { BuiltInDetector } from "../detector.ts";
import { usAbaRouting as validator } from "../validators/us-aba-routing.ts";

export const usAbaRouting: BuiltInDetector = {
  id: "us-aba-routing",
  description: "United States bank routing numbers",
  source: "ABA routing number policy; Federal Reserve",
  view: "folded",
  shapes: [
    { pattern: "\\d{9}", weight: 0.15, note: "9 digits" },
    { pattern: "\\d{4}-\\d{4}-\\d", weight: 0.2, note: "4-4-1 digits" },
  ],
  validator,
  context: [
    ...[
      "aba",
      "aba number",
      "routing",
      "routing number",
      "routing no",
      "rtn",
      "ach",
      "wire transfer",
      "transit number",
      "bank routing",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "ABA 021000021",
      "Routing number: 011401533",
      "routing 121000358",
      "RTN 3222-7162-7",
      "wire transfer to 026009593",
    ],
    negative: ["ABA 021000022", "routing 500000000", "021000021", "routing 0210000210", "order no 021000021"],
  },
};
