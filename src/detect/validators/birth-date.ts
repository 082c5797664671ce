import type { Validator } from "../detector.ts";
import { isDate } from "./digits.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const OLDEST = 120;

/** Year, month and day of a written date; day and month may be either way round. Two-digit years lie in the past. */
export function parseDate(text: string): readonly [year: number, month: number, day: number] | undefined {
  const now = new Date().getUTCFullYear();
  const numbers = text.match(/[0-9]+/g)?.map(Number) ?? [];
  const name = /[a-z]{3}/i.exec(text.replace(/\b[0-9]{1,2}(?:st|nd|rd|th)\b/gi, ""))?.[0].toLowerCase();
  const [first = 0, second = 0, third = 0] = numbers;
  const full = (year: number, digits: number): number => (digits > 2 ? year : year + (year + 2000 > now ? 1900 : 2000));
  if (name !== undefined) {
    const month = MONTHS.indexOf(name) + 1;
    return month === 0 ? undefined : valid(full(second, String(second).length < 3 ? 2 : 4), month, first);
  }
  if (/^[0-9]{4}/.test(text)) return valid(first, second, third);
  const year = full(third, /[0-9]{4}$/.test(text) ? 4 : 2);
  return valid(year, second, first) ?? valid(year, first, second);
}

function valid(year: number, month: number, day: number): readonly [number, number, number] | undefined {
  return isDate(year, month, day) ? [year, month, day] : undefined;
}

export const birthDate: Validator = {
  id: "birth-date",
  description: "A day that exists, not in the future and at most 120 years ago",
  source: "Gregorian calendar",
  passRate: 0.8,
  check(value) {
    const date = parseDate(value);
    if (date === undefined) return false;
    const now = new Date().getUTCFullYear();
    return date[0] <= now && date[0] >= now - OLDEST;
  },
};
