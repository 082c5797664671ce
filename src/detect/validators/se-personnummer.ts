import type { Validator } from "../detector.ts";
import { isDate } from "./digits.ts";
import { passesLuhn } from "./luhn.ts";

export const sePersonnummer: Validator = {
  id: "se-personnummer",
  description: "Date of birth (day plus 60 for coordination numbers) and Luhn check digit",
  source: "https://www.skatteverket.se, personnummer",
  passRate: 0.0075,
  check(value) {
    if (!/^(?:[12][0-9])?[0-9]{10}$/.test(value)) return false;
    const short = value.slice(-10);
    const century = value.length === 12 ? value.slice(0, 2) : "20";
    const day = Number(short.slice(4, 6));
    const isBorn = isDate(Number(century + short.slice(0, 2)), Number(short.slice(2, 4)), day > 60 ? day - 60 : day);
    return isBorn && passesLuhn(short);
  },
};
