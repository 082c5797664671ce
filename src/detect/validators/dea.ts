import type { Validator } from "../detector.ts";
import { digitAt } from "./digits.ts";

export const dea: Validator = {
  id: "dea",
  description: "Registrant letter and check digit",
  source: "US Drug Enforcement Administration, Diversion Control Division",
  passRate: 0.1,
  check(value) {
    if (!/^[ABCDEFGHJKLMPRSTUX][A-Z9][0-9]{7}$/.test(value)) return false;
    const digit = (index: number): number => digitAt(value, index + 1);
    const sum = digit(1) + digit(3) + digit(5) + 2 * (digit(2) + digit(4) + digit(6));
    return sum > 0 && sum % 10 === digit(7);
  },
};
