import type { BuiltInDetector } from "../detector.ts";
import { itCodiceFiscale as validator } from "../validators/it-codice-fiscale.ts";

export const itCodiceFiscale: BuiltInDetector = {
  id: "it-codice-fiscale",
  description: "Italian tax codes (codice fiscale)",
  source: "Decreto ministeriale 23 dicembre 1976",
  view: "folded",
  shapes: [
    {
      pattern: "[A-Za-z]{6}[0-9L-Vl-v]{2}[A-EHLMPR-Ta-ehlmpr-t][0-9L-Vl-v]{2}[A-Za-z][0-9L-Vl-v]{3}[A-Za-z]",
      weight: 0.45,
      note: "16 characters of the code",
    },
    {
      pattern:
        "[A-Za-z]{3} [A-Za-z]{3} [0-9L-Vl-v]{2}[A-EHLMPR-Ta-ehlmpr-t][0-9L-Vl-v]{2} [A-Za-z][0-9L-Vl-v]{3}[A-Za-z]",
      weight: 0.5,
      note: "in groups",
    },
  ],
  validator,
  context: [
    ...["codice fiscale", "cod. fiscale", "cod fiscale", "cf", "c.f", "tessera sanitaria", "tax code", "fiscal code"],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "CF RSSMRA80A01H501U",
      "codice fiscale: RSSMRA80A01H501U",
      "rssmra80a01h501u",
      "RSS MRA 80A01 H501U",
      "Il sig. Rossi (RSSMRA80A01H501U)",
    ],
    negative: [
      "CF RSSMRA80A01H501A",
      "xRSSMRA80A01H501U",
      "RSSMRA80A01H501U2",
      "RSSMRA80F01H501U",
      "https://example.com/RSSMRA80A01H501X",
    ],
  },
};
