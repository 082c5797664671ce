import type { BuiltInDetector } from "../detector.ts";
import { sePersonnummer as validator } from "../validators/se-personnummer.ts";

export const sePersonnummer: BuiltInDetector = {
  id: "se-personnummer",
  description: "Swedish personal and coordination numbers",
  source: "https://www.skatteverket.se",
  view: "folded",
  shapes: [
    { pattern: "(?:18|19|20)\\d{6}[-+]\\d{4}", weight: 0.25, note: "8-4 digits" },
    { pattern: "\\d{6}[-+]\\d{4}", weight: 0.2, note: "6-4 digits" },
    { pattern: "(?:18|19|20)\\d{10}", weight: 0.15, note: "12 digits" },
    { pattern: "\\d{10}", weight: 0.12, note: "10 digits" },
  ],
  validator,
  canonical: (matched) => matched.replace(/[^0-9]/g, ""),
  context: [
    ...[
      "personnummer",
      "personnr",
      "pnr",
      "person nr",
      "samordningsnummer",
      "personal identity number",
      "födelsenummer",
      "swedish personal",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "Personnummer 811228-9874",
      "personnr: 19811228-9874",
      "personnummer 198112289874",
      "pnr 8112289874",
      "samordningsnummer 811288-9871",
    ],
    negative: [
      "personnummer 811228-9873",
      "811228-9874",
      "personnummer 811328-9874",
      "order 811228-9874",
      "personnummer 811228-98745",
    ],
  },
};
