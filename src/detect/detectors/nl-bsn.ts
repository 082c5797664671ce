import type { BuiltInDetector } from "../detector.ts";
import { bsn } from "../validators/bsn.ts";

export const nlBsn: BuiltInDetector = {
  id: "nl-bsn",
  description: "Dutch citizen service numbers (burgerservicenummer)",
  source: "https://www.rvig.nl/burgerservicenummer",
  view: "folded",
  shapes: [
    { pattern: "\\d{9}", weight: 0.15, note: "9 digits" },
    { pattern: "\\d{4}[ .-]\\d{2}[ .-]\\d{3}", weight: 0.2, note: "4-2-3 digits" },
    { pattern: "\\d{3}[ .-]\\d{3}[ .-]\\d{3}", weight: 0.15, note: "3-3-3 digits" },
    { pattern: "\\d{8}", weight: 0.1, note: "8 digits" },
  ],
  validator: bsn,
  isTestValue: (canonical) => canonical.startsWith("9999"),
  context: [
    ...[
      "bsn",
      "bsns",
      "bsn nummer",
      "bsn-nummer",
      "burgerservicenummer",
      "burger service nummer",
      "sofi",
      "sofinummer",
    ],
    ...["sofi-nummer", "citizen service number", "dutch tax number", "persoonsnummer"],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "BSN 123456782",
      "burgerservicenummer: 1234.56.782",
      "Mijn bsn is 111222333",
      "sofinummer 123 456 782",
      "BSN: 999990019",
    ],
    negative: ["BSN 123456789", "123456782", "order 111222333", "BSN 000000000", "BSN 1234567823"],
  },
};
