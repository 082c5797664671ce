import type { Validator } from "../detector.ts";

const LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

/** The letter that belongs to a number: its remainder by 23 in the ministry's table. */
function dniLetter(digits: string): string {
  return LETTERS.charAt(Number(digits) % 23);
}

export const esDni: Validator = {
  id: "es-dni",
  description: "Letter by mod 23",
  source: "Ministerio del Interior, cálculo del dígito de control del NIF",
  passRate: 0.043,
  check: (value) => /^[0-9]{8}[A-Z]$/.test(value) && !/^0{8}/.test(value) && dniLetter(value.slice(0, 8)) === value[8],
};

export const esNie: Validator = {
  id: "es-nie",
  description: "Letter by mod 23, X, Y, Z standing for 0, 1, 2",
  source: "Ministerio del Interior, cálculo del dígito de control del NIE",
  passRate: 0.043,
  check: (value) =>
    /^[XYZ][0-9]{7}[A-Z]$/.test(value) && dniLetter("XYZ".indexOf(value.charAt(0)) + value.slice(1, 8)) === value[8],
};
