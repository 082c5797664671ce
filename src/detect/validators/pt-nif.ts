import type { Validator } from "../detector.ts";
import { digitAt, isDigits, weightedSum } from "./digits.ts";

const WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2];

export const ptNif: Validator = {
  id: "pt-nif",
  description: "First digit that is issued, mod 11 check digit",
  source: "Portaria 19/2023; Autoridade Tributária e Aduaneira",
  passRate: 0.08,
  check(value) {
    if (!isDigits(value, 9) || !/^[1235689]|^45|^7[0-9]/.test(value)) return false;
    const check = 11 - (weightedSum(value, WEIGHTS) % 11);
    return (check > 9 ? 0 : check) === digitAt(value, 8);
  },
};
