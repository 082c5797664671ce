import type { Validator } from "../detector.ts";
import { isDigits } from "./digits.ts";
import { passesLuhn } from "./luhn.ts";

export const itPartitaIva: Validator = {
  id: "it-partita-iva",
  description: "Tax office code and Luhn check digit",
  source: "Agenzia delle Entrate, partita IVA",
  passRate: 0.011,
  check(value) {
    if (!isDigits(value, 11) || value.startsWith("0000000")) return false;
    const office = Number(value.slice(7, 10));
    return ((office >= 1 && office <= 100) || [120, 121, 888, 999].includes(office)) && passesLuhn(value);
  },
};
