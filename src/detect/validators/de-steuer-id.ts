import type { Validator } from "../detector.ts";
import { digitAt, isDigits } from "./digits.ts";

/** One digit of the first ten occurs twice or three times, and at least seven different ones occur. */
function hasIssuedShape(firstTen: string): boolean {
  const counts = new Map<string, number>();
  for (const digit of firstTen) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  if (repeated.length !== 1 || (repeated[0] ?? 0) > 3) return false;
  return !/(\d)\1\1/.test(firstTen);
}

/** ISO/IEC 7064 mod 11,10: the check digit that follows `digits`. */
function mod11And10(digits: string): number {
  let product = 10;
  for (let index = 0; index < digits.length; index++) {
    const sum = (digitAt(digits, index) + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (11 - product) % 10;
}

export const deSteuerId: Validator = {
  id: "de-steuer-id",
  description: "One digit repeated, and ISO 7064 mod 11,10 check digit",
  source: "Bundeszentralamt für Steuern, Aufbau der Identifikationsnummer; ISO/IEC 7064",
  passRate: 0.0033,
  check: (value) =>
    isDigits(value, 11) &&
    value[0] !== "0" &&
    hasIssuedShape(value.slice(0, 10)) &&
    mod11And10(value.slice(0, 10)) === digitAt(value, 10),
};
