import type { BuiltInDetector } from "../detector.ts";
import { itPartitaIva as validator } from "../validators/it-partita-iva.ts";

export const itPartitaIva: BuiltInDetector = {
  id: "it-partita-iva",
  description: "Italian VAT numbers (partita IVA)",
  source: "Agenzia delle Entrate",
  view: "folded",
  shapes: [{ pattern: "(?:IT ?)?\\d{11}", weight: 0.15, note: "11 digits" }],
  validator,
  canonical: (matched) => matched.replace(/[^0-9]/g, ""),
  context: [...["partita iva", "p.iva", "p. iva", "piva", "p.i", "vat", "vat number", "iva"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "Partita IVA 00743110157",
      "P.IVA: 00743110157",
      "p. iva IT00743110157",
      "VAT number 01533030480",
      "piva 07973780013",
    ],
    negative: [
      "Partita IVA 00743110158",
      "00743110157",
      "P.IVA 007431101570",
      "ordine 00743110157",
      "P.IVA 12345678903",
    ],
  },
};
