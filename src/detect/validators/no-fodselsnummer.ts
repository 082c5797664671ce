import type { Validator } from "../detector.ts";
import { digitAt, isDate, isDigits, weightedSum } from "./digits.ts";

const FIRST = [3, 7, 6, 1, 8, 9, 4, 5, 2];
const SECOND = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

function checkDigit(sum: number): number {
  return (11 - (sum % 11)) % 11;
}

export const noFodselsnummer: Validator = {
  id: "no-fodselsnummer",
  description: "Date of birth (day plus 40 for D-numbers) and two check digits mod 11",
  source: "https://www.skatteetaten.no, fødselsnummer",
  passRate: 0.0086,
  check(value) {
    if (!isDigits(value, 11)) return false;
    const day = Number(value.slice(0, 2));
    const month = Number(value.slice(2, 4));
    // Months are raised by 40 for help numbers and by 80 for synthetic people of the test register.
    const plainMonth = month > 80 ? month - 80 : month > 40 ? month - 40 : month;
    if (!isDate(2000 + Number(value.slice(4, 6)), plainMonth, day > 40 ? day - 40 : day)) {
      if (!isDate(1900 + Number(value.slice(4, 6)), plainMonth, day > 40 ? day - 40 : day)) return false;
    }
    return (
      checkDigit(weightedSum(value, FIRST)) === digitAt(value, 9) &&
      checkDigit(weightedSum(value, SECOND)) === digitAt(value, 10)
    );
  },
};
