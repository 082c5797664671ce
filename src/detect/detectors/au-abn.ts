import type { BuiltInDetector } from "../detector.ts";
import { auAbn as validator } from "../validators/au-abn.ts";

export const auAbn: BuiltInDetector = {
  id: "au-abn",
  description: "Australian business numbers",
  source: "https://abr.business.gov.au/Help/AbnFormat",
  view: "folded",
  shapes: [
    { pattern: "[1-9]\\d \\d{3} \\d{3} \\d{3}", weight: 0.25, note: "2-3-3-3 digits" },
    { pattern: "[1-9]\\d{10}", weight: 0.15, note: "11 digits" },
  ],
  validator,
  context: [...["abn", "a.b.n", "australian business number", "business number"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "ABN 51 824 753 556",
      "abn: 51824753556",
      "Australian Business Number 51 824 753 556",
      "A.B.N. 33 102 417 032",
      "ABN 53004085616",
    ],
    negative: ["ABN 51 824 753 557", "51824753556", "ABN 518247535560", "order 51824753556", "ABN 01 824 753 556"],
  },
};
