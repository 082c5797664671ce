import type { Validator } from "../detector.ts";
import { isDate } from "./digits.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ";

export const mxCurp: Validator = {
  id: "mx-curp",
  description: "Date of birth and weighted check digit",
  source: "https://www.gob.mx/curp, instructivo normativo",
  passRate: 0.004,
  check(value) {
    if (!/^[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]$/.test(value)) return false;
    const century = /[0-9]/.test(value.charAt(16)) ? 1900 : 2000;
    const year = century + Number(value.slice(4, 6));
    if (!isDate(year, Number(value.slice(6, 8)), Number(value.slice(8, 10)))) return false;
    let sum = 0;
    for (let index = 0; index < 17; index++) sum += ALPHABET.indexOf(value.charAt(index)) * (18 - index);
    return (10 - (sum % 10)) % 10 === Number(value[17]);
  },
};
