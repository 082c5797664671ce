import type { Validator } from "../detector.ts";
import { isRepeated, weightedSum } from "./digits.ts";

const WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2, -1];

export const bsn: Validator = {
  id: "bsn",
  description: "Eleven test with last weight -1",
  source: "https://www.rvig.nl/burgerservicenummer",
  passRate: 0.09,
  check(value) {
    if (!/^[0-9]{8,9}$/.test(value)) return false;
    const number = value.padStart(9, "0");
    return !isRepeated(number) && weightedSum(number, WEIGHTS) % 11 === 0;
  },
};
