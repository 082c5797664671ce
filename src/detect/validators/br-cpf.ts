import type { Validator } from "../detector.ts";
import { digitAt, isDigits, isRepeated } from "./digits.ts";

/** Weights fall to 2 at the digit before the check digit at `length`. */
function checkDigit(value: string, length: number): number {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += digitAt(value, index) * (length + 1 - index);
  return ((sum * 10) % 11) % 10;
}

export const brCpf: Validator = {
  id: "br-cpf",
  description: "Two check digits mod 11",
  source: "Receita Federal do Brasil, CPF",
  passRate: 0.01,
  check: (value) =>
    isDigits(value, 11) &&
    !isRepeated(value) &&
    checkDigit(value, 9) === digitAt(value, 9) &&
    checkDigit(value, 10) === digitAt(value, 10),
};
