import type { Validator } from "../detector.ts";
import { isDigits } from "./digits.ts";
import { passesLuhn } from "./luhn.ts";

export const caSin: Validator = {
  id: "ca-sin",
  description: "First digit that is issued, Luhn check digit",
  source: "https://www.canada.ca/en/employment-social-development/services/sin.html",
  passRate: 0.08,
  check: (value) => isDigits(value, 9) && value[0] !== "0" && value[0] !== "8" && passesLuhn(value),
};
