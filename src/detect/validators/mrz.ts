import type { Validator } from "../detector.ts";

const WEIGHTS = [7, 3, 1];
/** Two lines of 44 (TD3) or 36 (TD2) characters, or three of 30 (TD1). */
const LINES = /^(?:[A-Z0-9<]{44}\n[A-Z0-9<]{44}|[A-Z0-9<]{36}\n[A-Z0-9<]{36}|(?:[A-Z0-9<]{30}\n){2}[A-Z0-9<]{30})$/;

/** ICAO check digit: weights 7, 3, 1; letters count 10 to 35, the filler 0. */
function mrzCheckDigit(field: string): number {
  let sum = 0;
  for (let index = 0; index < field.length; index++) {
    const character = field.charAt(index);
    sum += (character === "<" ? 0 : Number.parseInt(character, 36)) * (WEIGHTS[index % 3] ?? 0);
  }
  return sum % 10;
}

function fits(field: string, digit: string): boolean {
  return mrzCheckDigit(field) === (digit === "<" ? 0 : Number(digit));
}

/** Number, birth and expiry with their digits, at these places of the line with the number and of the one with dates. */
function passesFields(number: string, dates: string): boolean {
  return (
    fits(number.slice(0, 9), number.charAt(9)) &&
    fits(dates.slice(0, 6), dates.charAt(6)) &&
    fits(dates.slice(8, 14), dates.charAt(14))
  );
}

export const mrz: Validator = {
  id: "mrz",
  description: "Check digits of document number, birth and expiry",
  source: "ICAO Doc 9303, parts 3 to 6",
  passRate: 0.001,
  check(value) {
    if (!LINES.test(value)) return false;
    const lines = value.split("\n");
    const [first = "", second = ""] = lines;
    if (lines.length === 3) return passesFields(first.slice(5, 15), second);
    return passesFields(second.slice(0, 10), second.slice(13, 28));
  },
};
