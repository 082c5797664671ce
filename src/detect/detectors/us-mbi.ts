import type { BuiltInDetector } from "../detector.ts";
import { usMbi as validator } from "../validators/us-mbi.ts";

export const usMbi: BuiltInDetector = {
  id: "us-mbi",
  description: "United States Medicare beneficiary identifiers",
  source: "CMS, Medicare Beneficiary Identifier format",
  view: "folded",
  shapes: [
    {
      pattern:
        "[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\\d-?[AC-HJKMNP-RT-Y]{2}\\d{2}",
      weight: 0.2,
      note: "11 places of letters and digits",
    },
  ],
  validator,
  context: [...["mbi", "medicare", "medicare beneficiary", "medicare id", "beneficiary", "hicn"]],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "MBI 1EG4-TE5-MK73",
      "Medicare ID: 1EG4TE5MK73",
      "medicare beneficiary 1EG4-TE5-MK72",
      "beneficiary 2AC4-DE5-FG67",
      "mbi is 1EG4TE5MK73",
    ],
    negative: ["MBI 1EG4-TE5-SK73", "1EG4-TE5-MK73", "MBI 0EG4-TE5-MK73", "MBI 1EG4-TE5-MK7", "X1EG4TE5MK73"],
  },
};
