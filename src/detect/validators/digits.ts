const ZERO = 48;

/** The digit at `index`, or NaN. */
export function digitAt(value: string, index: number): number {
  const digit = value.charCodeAt(index) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
}

/** True when `value` has exactly `length` characters, all of them digits. */
export function isDigits(value: string, length: number): boolean {
  return value.length === length && /^[0-9]*$/.test(value);
}

/** Sum of the leading digits times their weights. */
export function weightedSum(value: string, weights: readonly number[]): number {
  let sum = 0;
  for (const [index, weight] of weights.entries()) sum += digitAt(value, index) * weight;
  return sum;
}

/** All characters alike: never issued, and what people type as a filler. */
export function isRepeated(value: string): boolean {
  for (let index = 1; index < value.length; index++) if (value[index] !== value[0]) return false;
  return value.length > 0;
}

/** The remainder of a number of any length, written in digits. */
export function decimalModulo(digits: string, modulus: number): number {
  let rest = 0;
  for (let index = 0; index < digits.length; index++) rest = (rest * 10 + digitAt(digits, index)) % modulus;
  return rest;
}

/** True for a day that exists. `year` has four digits. */
export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
