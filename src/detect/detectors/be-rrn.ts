import type { BuiltInDetector } from "../detector.ts";
import { beRrn as validator } from "../validators/be-rrn.ts";

export const beRrn: BuiltInDetector = {
  id: "be-rrn",
  description: "Belgian national register numbers",
  source: "https://www.ibz.rrn.fgov.be",
  view: "folded",
  shapes: [
    { pattern: "\\d{2}\\.\\d{2}\\.\\d{2}-\\d{3}\\.\\d{2}", weight: 0.35, note: "the official written form" },
    { pattern: "\\d{6}[ -]\\d{3}[ -.]\\d{2}", weight: 0.2, note: "6-3-2 digits" },
    { pattern: "\\d{11}", weight: 0.15, note: "11 digits" },
  ],
  validator,
  context: [
    ...[
      "rijksregister",
      "rijksregisternummer",
      "registre national",
      "numéro de registre national",
      "niss",
      "insz",
      "numéro national",
      "national register",
      "national number",
      "nationaal nummer",
      "nationalregisternummer",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "Rijksregisternummer 85.07.30-033.28",
      "niss: 85073003328",
      "85.07.30-033.28",
      "numéro national 850730-033-28",
      "INSZ 85073003328",
    ],
    negative: [
      "Rijksregister 85.07.30-033.29",
      "85073003328",
      "NISS 850730033280",
      "85.13.30-033.28",
      "order 85073003328",
    ],
  },
};
