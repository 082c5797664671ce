import type { BuiltInDetector } from "../detector.ts";
import { esNie as validator } from "../validators/es-dni.ts";

export const esNie: BuiltInDetector = {
  id: "es-nie",
  description: "Spanish identity numbers of foreigners (NIE)",
  source: "Ministerio del Interior",
  view: "folded",
  shapes: [
    {
      pattern: "[XYZxyz][ -]?\\d{7}[ -]?[A-HJ-NP-TV-Za-hj-np-tv-z]",
      weight: 0.36,
      note: "X, Y or Z, 7 digits and letter",
    },
  ],
  validator,
  context: [
    ...[
      "nie",
      "número de identidad de extranjero",
      "identidad de extranjero",
      "extranjero",
      "extranjería",
      "nif",
      "n.i.e",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "NIE X1234567L",
      "nie: Y-1234567-X",
      "número de identidad de extranjero Z1234567R",
      "extranjero X-1234567-L",
      "Titular x1234567l",
    ],
    negative: ["NIE X1234567A", "NIE X12345678L", "NIE W1234567L", "NIE X123456L", "AX1234567L"],
  },
};
