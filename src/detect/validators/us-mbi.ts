import type { Validator } from "../detector.ts";

const LETTER = "[AC-HJKMNP-RT-Y]";
const EITHER = "[AC-HJKMNP-RT-Y0-9]";
const SHAPE = new RegExp(`^[1-9]${LETTER}${EITHER}[0-9]${LETTER}${EITHER}[0-9]${LETTER}{2}[0-9]{2}$`);

export const usMbi: Validator = {
  id: "us-mbi",
  description: "Fixed places of letters and digits, no S, L, O, I, B, Z",
  source: "CMS, Understanding the Medicare Beneficiary Identifier format",
  passRate: 0.02,
  check: (value) => SHAPE.test(value),
};
