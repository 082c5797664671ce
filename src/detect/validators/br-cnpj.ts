import type { Validator } from "../detector.ts";
import { isRepeated } from "./digits.ts";

/** Letters, allowed since 2026, count as their ASCII code less 48, as digits do. Weights 2 to 9 from the right. */
function checkDigit(value: string): number {
  let sum = 0;
  for (let fromRight = 0; fromRight < value.length; fromRight++) {
    sum += (value.charCodeAt(value.length - 1 - fromRight) - 48) * (2 + (fromRight % 8));
  }
  const rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}

export const brCnpj: Validator = {
  id: "br-cnpj",
  description: "Two check digits mod 11, numeric and alphanumeric",
  source: "Receita Federal do Brasil, Instrução Normativa 2.229/2024",
  passRate: 0.01,
  check: (value) =>
    /^[0-9A-Z]{12}[0-9]{2}$/.test(value) &&
    !isRepeated(value) &&
    checkDigit(value.slice(0, 12)) === Number(value[12]) &&
    checkDigit(value.slice(0, 13)) === Number(value[13]),
};
