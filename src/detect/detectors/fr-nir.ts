import type { BuiltInDetector } from "../detector.ts";
import { frNir as validator } from "../validators/fr-nir.ts";

export const frNir: BuiltInDetector = {
  id: "fr-nir",
  description: "French social security numbers (NIR, INSEE)",
  source: "https://xml.insee.fr/schema/nir.html",
  view: "folded",
  shapes: [
    { pattern: "[1-478]\\d{4}(?:\\d{2}|2[ABab])\\d{8}", weight: 0.18, note: "15 characters" },
    {
      pattern: "[1-478] \\d{2} \\d{2} (?:\\d{2}|2[ABab]) \\d{3} \\d{3} \\d{2}",
      weight: 0.35,
      note: "1-2-2-2-3-3-2 digits",
    },
    {
      pattern: "[1-478] ?\\d{2} ?\\d{2} ?(?:\\d{2}|2[ABab]) ?\\d{3} ?\\d{3}[ /-]{1,3}\\d{2}",
      weight: 0.25,
      note: "13 digits and key",
    },
  ],
  validator,
  context: [
    ...[
      "nir",
      "insee",
      "sécurité sociale",
      "securite sociale",
      "numéro de sécurité sociale",
      "n° de sécurité sociale",
      "sécu",
      "numéro de sécu",
      "carte vitale",
      "social security",
      "assuré",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "NIR 180017500100104",
      "Sécurité sociale : 1 80 01 75 001 001 04",
      "numéro de sécurité sociale 2 55 08 14 168 025 38",
      "carte vitale 1 80 01 75 001 001 04",
      "insee 180017500100104",
    ],
    negative: [
      "NIR 180017500100100",
      "180017500100104",
      "NIR 1800175001001045",
      "NIR 9 80 01 75 001 001 04",
      "NIR 1 80 13 75 001 001 04",
    ],
  },
};
