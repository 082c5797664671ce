import type { BuiltInDetector } from "../detector.ts";
import { fiHetu as validator } from "../validators/fi-hetu.ts";

export const fiHetu: BuiltInDetector = {
  id: "fi-hetu",
  description: "Finnish personal identity codes (HETU)",
  source: "https://dvv.fi/en/personal-identity-code",
  view: "folded",
  shapes: [
    {
      pattern: "\\d{6}[-+A-FU-Ya-fu-y]\\d{3}[0-9A-FHJ-NPR-Ya-fhj-npr-y]",
      weight: 0.32,
      note: "date, century sign, number, check character",
    },
  ],
  validator,
  canonical: (matched) => matched.toUpperCase(),
  isTestValue: (canonical) => canonical.charAt(7) === "9",
  context: [
    ...[
      "hetu",
      "henkilötunnus",
      "henkilotunnus",
      "sotu",
      "personbeteckning",
      "personal identity code",
      "sosiaaliturvatunnus",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "HETU 131052-308T",
      "henkilötunnus: 131052-308T",
      "131052-308T",
      "Asiakas 010100A123D",
      "personbeteckning 131052-308t",
    ],
    negative: ["HETU 131052-308U", "131352-308T", "131052-308TX", "HETU 131052-001T", "311252-308T"],
  },
};
