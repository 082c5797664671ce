import type { Validator } from "../detector.ts";
import { isDigits } from "./digits.ts";

export const beRrn: Validator = {
  id: "be-rrn",
  description: "Date of birth and 97 minus mod 97",
  source: "https://www.ibz.rrn.fgov.be, IT 000",
  passRate: 0.0078,
  check(value) {
    if (!isDigits(value, 11)) return false;
    // Months are raised by 20 or 40 for people who are not in the register; unknown dates are zero.
    const month = Number(value.slice(2, 4)) % 20;
    if (month > 12 || Number(value.slice(4, 6)) > 31) return false;
    const number = Number(value.slice(0, 9));
    const check = Number(value.slice(9));
    return 97 - (number % 97) === check || 97 - ((2_000_000_000 + number) % 97) === check;
  },
};
