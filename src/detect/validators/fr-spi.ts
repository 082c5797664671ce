import type { Validator } from "../detector.ts";
import { isDigits } from "./digits.ts";

export const frSpi: Validator = {
  id: "fr-spi",
  description: "First digit 0 to 3, last three digits the rest by 511",
  source: "European Commission, TIN portal, France",
  passRate: 0.0008,
  check: (value) =>
    isDigits(value, 13) && /^[0-3]/.test(value) && Number(value.slice(0, 10)) % 511 === Number(value.slice(10)),
};
