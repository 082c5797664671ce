import type { BuiltInDetector } from "../detector.ts";
import { mxCurp as validator } from "../validators/mx-curp.ts";

export const mxCurp: BuiltInDetector = {
  id: "mx-curp",
  description: "Mexican population registry codes (CURP)",
  source: "https://www.gob.mx/curp",
  view: "folded",
  shapes: [
    { pattern: "[A-Za-z]{4}\\d{6}[HMXhmx][A-Za-z]{5}[0-9A-Za-z]\\d", weight: 0.45, note: "18 characters of the code" },
  ],
  validator,
  context: [...["curp", "clave única", "clave única de registro de población"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "CURP BOXW310820HNERXN09",
      "curp: boxw310820hnerxn09",
      "BOXW310820HNERXN09",
      "clave única BOXW310820HNERXN09",
      "(BOXW310820HNERXN09)",
    ],
    negative: [
      "CURP BOXW310820HNERXN08",
      "xBOXW310820HNERXN09",
      "BOXW311320HNERXN09",
      "BOXW310820ZNERXN09",
      "BOXW310820HNERXN0",
    ],
  },
};
