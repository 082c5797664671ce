import type { Validator } from "../detector.ts";

export const inPan: Validator = {
  id: "in-pan",
  description: "Fourth letter that names a kind of holder; the check letter's algorithm is not public",
  source: "Income Tax Department of India, Permanent Account Number",
  passRate: 1,
  check: (value) => /^[A-Z]{3}[ABCFGHJLPTK][A-Z][0-9]{4}[A-Z]$/.test(value) && value.slice(5, 9) !== "0000",
};
