import type { Validator } from "../detector.ts";
import { isDigits, isRepeated } from "./digits.ts";
import { passesLuhn } from "./luhn.ts";

export const imei: Validator = {
  id: "imei",
  description: "15 digits with a Luhn check digit",
  source: "3GPP TS 23.003, section 6.2.1",
  passRate: 0.1,
  check: (value) => isDigits(value, 15) && !isRepeated(value) && passesLuhn(value),
};
