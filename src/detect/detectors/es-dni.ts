import type { BuiltInDetector } from "../detector.ts";
import { esDni as validator } from "../validators/es-dni.ts";

export const esDni: BuiltInDetector = {
  id: "es-dni",
  description: "Spanish identity numbers (DNI, NIF)",
  source: "Ministerio del Interior",
  view: "folded",
  shapes: [
    { pattern: "\\d{8}[ -]?[A-HJ-NP-TV-Za-hj-np-tv-z]", weight: 0.34, note: "8 digits and letter" },
    { pattern: "\\d{2}\\.\\d{3}\\.\\d{3}[ -]?[A-HJ-NP-TV-Za-hj-np-tv-z]", weight: 0.4, note: "dotted, with letter" },
  ],
  validator,
  context: [
    ...[
      "dni",
      "nif",
      "documento nacional de identidad",
      "documento de identidad",
      "identidad",
      "identificación fiscal",
      "número de identificación fiscal",
      "d.n.i",
      "n.i.f",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "DNI 12345678Z",
      "NIF: 12345678-Z",
      "documento de identidad 12.345.678-Z",
      "mi dni es 00000001r",
      "El titular, 87654321X",
    ],
    negative: ["DNI 12345678A", "DNI 123456789Z", "DNI 1234567Z", "DNI 12345678I", "x12345678Z"],
  },
};
