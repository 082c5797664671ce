import type { BuiltInDetector } from "../detector.ts";
import { iban as validator } from "../validators/iban.ts";

const S = "(?:[ .-]|\\r?\\n)?";

export const iban: BuiltInDetector = {
  id: "iban",
  description: "International bank account numbers of all 89 countries",
  source: "ISO 13616-1; SWIFT IBAN registry",
  view: "folded",
  shapes: [
    {
      pattern: `[A-Za-z]{2}\\d{2}${S}(?:[A-Za-z0-9]{4}${S}){2,6}[A-Za-z0-9]{1,6}`,
      weight: 0.52,
      note: "country, check digits and account",
    },
  ],
  validator,
  context: [
    ...["iban", "bank account", "account", "account number", "bank", "bic", "swift", "wire", "transfer", "payment"],
    ...["konto", "kontonummer", "bankverbindung", "überweisung", "compte", "rib", "virement", "conto", "bonifico"],
    ...["cuenta", "transferencia", "conta", "rekening", "rekeningnummer", "konto bankowe", "számla", "tili", "счёт"],
  ],
  surroundings: "token",
  mask: "keep-last-4",
  examples: {
    positive: [
      "GB33 BUKB 2020 1555 5555 55",
      "IBAN: DE89370400440532013000",
      "nl91 abna 0417 1643 00",
      "Konto DE89 3704 0044 0532 0130 00, danke",
      "NO93 8601 1117 947",
      "MT84MALT011000012345MTLCAST001S",
    ],
    negative: [
      "GB34 BUKB 2020 1555 5555 55",
      "DE89 3704 0044 0532 0130 0",
      "part number DE12345678901234567890",
      "XX00 1234 5678 9012 3456",
      "https://example.com/ab12cd34ef56ab78",
    ],
  },
};
