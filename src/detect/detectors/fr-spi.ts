import type { BuiltInDetector } from "../detector.ts";
import { frSpi as validator } from "../validators/fr-spi.ts";

export const frSpi: BuiltInDetector = {
  id: "fr-spi",
  description: "French tax numbers (numéro fiscal, SPI)",
  source: "European Commission, TIN portal",
  view: "folded",
  shapes: [
    { pattern: "[0-3]\\d{12}", weight: 0.15, note: "13 digits" },
    { pattern: "[0-3]\\d \\d{2} \\d{3} \\d{3} \\d{3}", weight: 0.25, note: "2-2-3-3-3 digits" },
  ],
  validator,
  context: [
    ...[
      "numéro fiscal",
      "numero fiscal",
      "n° fiscal",
      "spi",
      "identifiant fiscal",
      "tin",
      "impôts",
      "référence fiscale",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "Numéro fiscal 3023217600053",
      "n° fiscal : 30 23 217 600 053",
      "spi 3023217600053",
      "identifiant fiscal 3023217600053",
      "numero fiscal 30 23 217 600 053",
    ],
    negative: [
      "Numéro fiscal 3023217600054",
      "SPI 302321760005",
      "SPI 30232176000530",
      "SPI 9023217600053",
      "part 4023217600053",
    ],
  },
};
