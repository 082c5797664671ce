import type { BuiltInDetector } from "../detector.ts";
import { ptNif as validator } from "../validators/pt-nif.ts";

export const ptNif: BuiltInDetector = {
  id: "pt-nif",
  description: "Portuguese taxpayer numbers (NIF)",
  source: "Autoridade Tributária e Aduaneira",
  view: "folded",
  shapes: [
    { pattern: "[1-9]\\d{8}", weight: 0.15, note: "9 digits" },
    { pattern: "[1-9]\\d{2}[ .]\\d{3}[ .]\\d{3}", weight: 0.17, note: "3-3-3 digits" },
  ],
  validator,
  context: [
    ...[
      "nif",
      "contribuinte",
      "número de contribuinte",
      "identificação fiscal",
      "número de identificação fiscal",
      "nipc",
      "finanças",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "NIF 123456789",
      "contribuinte: 123 456 789",
      "número de contribuinte 501964843",
      "identificação fiscal 503 504 564",
      "NIPC 500829993",
    ],
    negative: ["NIF 123456780", "123456789", "NIF 1234567890", "NIF 423456789", "fatura 123456789"],
  },
};
