import type { Validator } from "../detector.ts";
import { digitAt, isDigits, weightedSum } from "./digits.ts";

export const trTckn: Validator = {
  id: "tr-tckn",
  description: "Two check digits",
  source: "https://tckimlik.nvi.gov.tr",
  passRate: 0.009,
  check(value) {
    if (!isDigits(value, 11) || value[0] === "0") return false;
    const tenth = ((weightedSum(value, [7, -1, 7, -1, 7, -1, 7, -1, 7]) % 10) + 10) % 10 === digitAt(value, 9);
    return tenth && weightedSum(value, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10 === digitAt(value, 10);
  },
};
