import type { BuiltInDetector } from "../detector.ts";
import { noFodselsnummer as validator } from "../validators/no-fodselsnummer.ts";

export const noFodselsnummer: BuiltInDetector = {
  id: "no-fodselsnummer",
  description: "Norwegian birth numbers and D-numbers",
  source: "https://www.skatteetaten.no",
  view: "folded",
  shapes: [
    { pattern: "\\d{11}", weight: 0.15, note: "11 digits" },
    { pattern: "\\d{6} \\d{5}", weight: 0.22, note: "6-5 digits" },
  ],
  validator,
  isTestValue: (canonical) => Number(canonical.slice(2, 4)) > 80,
  context: [
    ...[
      "fødselsnummer",
      "fodselsnummer",
      "fødselsnr",
      "personnummer",
      "d-nummer",
      "fnr",
      "f.nr",
      "norwegian national id",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "Fødselsnummer 15108695088",
      "fnr: 151086 95088",
      "personnummer 15108695088",
      "fodselsnummer 15108695088",
      "fødselsnr 151086 95088",
    ],
    negative: ["Fødselsnummer 15108695077", "15108695088", "fnr 151086950880", "fnr 15138695088", "ordre 15108695088"],
  },
};
