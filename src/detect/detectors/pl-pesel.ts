import type { BuiltInDetector } from "../detector.ts";
import { plPesel as validator } from "../validators/pl-pesel.ts";

export const plPesel: BuiltInDetector = {
  id: "pl-pesel",
  description: "Polish identity numbers (PESEL)",
  source: "https://www.gov.pl/web/gov/czym-jest-numer-pesel",
  view: "folded",
  shapes: [{ pattern: "\\d{11}", weight: 0.15, note: "11 digits" }],
  validator,
  context: [...["pesel", "nr pesel", "numer pesel", "numer ewidencyjny", "dowód osobisty"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "PESEL 44051401359",
      "Nr PESEL: 44051401359",
      "numer pesel 02070803628",
      "pesel klienta to 92071314764",
      "PESEL: 80072909146",
    ],
    negative: ["PESEL 44051401358", "44051401359", "PESEL 440514013590", "zamówienie 44051401359", "PESEL 44131401359"],
  },
};
