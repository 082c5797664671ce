import type { Validator } from "../detector.ts";
import { digitAt, isDigits, isRepeated, weightedSum } from "./digits.ts";

const WEIGHTS = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

export const jpMyNumber: Validator = {
  id: "jp-my-number",
  description: "Check digit mod 11",
  source: "Ordinance of the Ministry of Internal Affairs and Communications No. 85 of 2014, article 5",
  passRate: 0.099,
  check(value) {
    if (!isDigits(value, 12) || isRepeated(value)) return false;
    const rest = weightedSum(value, WEIGHTS) % 11;
    return (rest <= 1 ? 0 : 11 - rest) === digitAt(value, 11);
  },
};
