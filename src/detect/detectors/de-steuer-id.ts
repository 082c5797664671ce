import type { BuiltInDetector } from "../detector.ts";
import { deSteuerId as validator } from "../validators/de-steuer-id.ts";

export const deSteuerId: BuiltInDetector = {
  id: "de-steuer-id",
  description: "German tax identification numbers",
  source: "Bundeszentralamt für Steuern",
  view: "folded",
  shapes: [
    { pattern: "[1-9]\\d{10}", weight: 0.15, note: "11 digits" },
    { pattern: "[1-9]\\d[ ./]\\d{3}[ ./]\\d{3}[ ./]\\d{3}", weight: 0.22, note: "2-3-3-3 digits" },
    { pattern: "[1-9]\\d{2}[ ./]\\d{3}[ ./]\\d{3}[ ./]\\d{2}", weight: 0.15, note: "3-3-3-2 digits" },
  ],
  validator,
  isTestValue: (canonical) => canonical.startsWith("0"),
  context: [
    ...[
      "steuer-id",
      "steuerid",
      "steuer id",
      "steuer-idnr",
      "idnr",
      "id-nr",
      "steueridentifikationsnummer",
      "steuerliche identifikationsnummer",
      "identifikationsnummer",
      "steuernummer",
      "tin",
      "tax id",
      "german tax id",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "Steuer-ID 36574261809",
      "Steuerliche Identifikationsnummer: 36 574 261 809",
      "IdNr. 11234567890",
      "steuerid 81872495633",
      "tax id 65 929 970 489",
    ],
    negative: [
      "Steuer-ID 36574261890",
      "36574261809",
      "Steuer-ID 365742618090",
      "Bestellung 11234567890",
      "Steuer-ID 12345678901",
    ],
  },
};
