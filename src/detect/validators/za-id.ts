import type { Validator } from "../detector.ts";
import { isDate, isDigits } from "./digits.ts";
import { passesLuhn } from "./luhn.ts";

export const zaId: Validator = {
  id: "za-id",
  description: "Date of birth, citizenship and Luhn check digit",
  source: "Department of Home Affairs of South Africa; Identification Act 68 of 1997",
  passRate: 0.0037,
  check(value) {
    if (!isDigits(value, 13) || !/^[0-2]$/.test(value.charAt(10))) return false;
    const [year, month, day] = [0, 2, 4].map((at) => Number(value.slice(at, at + 2)));
    const isBorn = [1900, 2000].some((century) => isDate(century + (year ?? 0), month ?? 0, day ?? 0));
    return isBorn && passesLuhn(value);
  },
};
