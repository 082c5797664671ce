import type { BuiltInDetector } from "../detector.ts";
import { chAhv as validator } from "../validators/ch-ahv.ts";

export const chAhv: BuiltInDetector = {
  id: "ch-ahv",
  description: "Swiss social insurance numbers (AHV, AVS)",
  source: "Zentrale Ausgleichsstelle",
  view: "folded",
  shapes: [
    { pattern: "756\\.\\d{4}\\.\\d{4}\\.\\d{2}", weight: 0.35, note: "756 with dots" },
    { pattern: "756 \\d{4} \\d{4} \\d{2}", weight: 0.25, note: "756 with spaces" },
    { pattern: "756\\d{10}", weight: 0.1, note: "13 digits beginning with 756" },
  ],
  validator,
  context: [
    ...["ahv", "avs", "ahv-nummer", "ahvn13", "navs", "sozialversicherungsnummer", "numéro avs", "numero avs", "oasi"],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "AHV 756.9217.0769.85",
      "756.9217.0769.85",
      "numéro AVS 756 9217 0769 85",
      "Versicherte: 7569217076985",
      "ahv-nummer: 7569217076985",
    ],
    negative: ["AHV 756.9217.0769.84", "757.9217.0769.85", "75692170769850", "756.9217.0769.851", "1756.9217.0769.85"],
  },
};
