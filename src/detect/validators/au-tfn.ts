import type { Validator } from "../detector.ts";
import { isDigits, isRepeated, weightedSum } from "./digits.ts";

const WEIGHTS = [1, 4, 3, 7, 5, 8, 6, 9, 10];

export const auTfn: Validator = {
  id: "au-tfn",
  description: "Weighted sum mod 11",
  source: "https://www.ato.gov.au, tax file number algorithm",
  passRate: 0.091,
  check: (value) => isDigits(value, 9) && !isRepeated(value) && weightedSum(value, WEIGHTS) % 11 === 0,
};
