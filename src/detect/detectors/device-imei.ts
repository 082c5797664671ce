import type { BuiltInDetector } from "../detector.ts";
import { imei } from "../validators/imei.ts";

export const deviceImei: BuiltInDetector = {
  id: "device-imei",
  description: "Mobile equipment identities (IMEI)",
  source: "3GPP TS 23.003",
  view: "folded",
  shapes: [
    { pattern: "\\d{15}", weight: 0.13, note: "15 digits" },
    { pattern: "\\d{2}[ -]\\d{6}[ -]\\d{6}[ -]\\d", weight: 0.25, note: "2-6-6-1 digits" },
  ],
  validator: imei,
  context: [...["imei", "imei number", "imei1", "imei2", "device id", "handset"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "IMEI 490154203237518",
      "imei: 49-015420-323751-8",
      "IMEI number 490154203237518",
      "handset 490154203237518",
      "IMEI1: 490154203237518",
    ],
    negative: [
      "IMEI 490154203237519",
      "490154203237518",
      "IMEI 4901542032375180",
      "order 490154203237518",
      "IMEI 000000000000000",
    ],
  },
};
