import type { Validator } from "../detector.ts";
import { passesLuhn } from "./luhn.ts";

export const npi: Validator = {
  id: "npi",
  description: "Luhn check digit with the prefix 80840",
  source: "CMS National Provider Identifier standard, check digit",
  passRate: 0.02,
  check: (value) => /^[12][0-9]{9}$/.test(value) && passesLuhn(`80840${value}`),
};
