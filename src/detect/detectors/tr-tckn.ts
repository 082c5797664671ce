import type { BuiltInDetector } from "../detector.ts";
import { trTckn as validator } from "../validators/tr-tckn.ts";

export const trTckn: BuiltInDetector = {
  id: "tr-tckn",
  description: "Turkish identity numbers (T.C. Kimlik No)",
  source: "https://tckimlik.nvi.gov.tr",
  view: "folded",
  shapes: [{ pattern: "[1-9]\\d{10}", weight: 0.15, note: "11 digits" }],
  validator,
  context: [...["tckn", "tc kimlik", "t.c. kimlik", "kimlik no", "tc kimlik no", "kimlik numarası", "turkish id"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "TC Kimlik No: 10000000146",
      "TCKN 10000000146",
      "T.C. kimlik 12345678950",
      "kimlik numarası 10000000146",
      "kimlik no 10000000146",
    ],
    negative: ["TCKN 10000000147", "10000000146", "TCKN 100000001460", "sipariş 10000000146", "TCKN 01000000146"],
  },
};
