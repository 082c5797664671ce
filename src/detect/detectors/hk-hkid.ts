import type { BuiltInDetector } from "../detector.ts";
import { hkHkid as validator } from "../validators/hk-hkid.ts";

export const hkHkid: BuiltInDetector = {
  id: "hk-hkid",
  description: "Hong Kong identity card numbers",
  source: "Immigration Department of Hong Kong",
  view: "folded",
  shapes: [
    { pattern: "[A-Za-z]{1,2}\\d{6}\\([0-9Aa]", weight: 0.4, note: "with its check digit in brackets" },
    { pattern: "[A-Za-z]{1,2}\\d{6}[0-9Aa]", weight: 0.2, note: "letters and 7 digits" },
  ],
  validator,
  context: [
    ...[
      "hkid",
      "hkic",
      "hong kong id",
      "hong kong identity",
      "identity card",
      "身份證",
      "身份证",
      "香港身份證",
      "身份證號碼",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "HKID A123456(3)",
      "hkid: A1234563",
      "A123456(3)",
      "身份證 G123456(A)",
      "Hong Kong identity card G123456(A)",
    ],
    negative: ["HKID A123456(4)", "A1234563", "HKID 123456(3)", "HKID A1234567(3)", "order A1234563"],
  },
};
