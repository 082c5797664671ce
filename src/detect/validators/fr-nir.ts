import type { Validator } from "../detector.ts";
import { decimalModulo } from "./digits.ts";

/** Sex, year, month (some above 12 for unknown ones), department (2A and 2B for Corsica), commune, order, key. */
const SHAPE = /^[1-478][0-9]{2}(?:0[1-9]|1[0-2]|[23][0-9]|4[0-2]|[5-9][0-9])(?:[0-9]{2}|2[AB])[0-9]{6}[0-9]{2}$/;

export const frNir: Validator = {
  id: "fr-nir",
  description: "Parts that can be issued, and the key 97 minus mod 97",
  source: "https://xml.insee.fr/schema/nir.html",
  passRate: 0.006,
  check(value) {
    if (!SHAPE.test(value)) return false;
    const digits = value.slice(0, 13).replace("2A", "19").replace("2B", "18");
    return 97 - decimalModulo(digits, 97) === Number(value.slice(13));
  },
};
