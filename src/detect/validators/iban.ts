import type { Validator } from "../detector.ts";

/** Total length by country: SWIFT IBAN registry, release 101. */
const LENGTHS = new Map<string, number>(
  Object.entries({
    15: "NO",
    16: "BE",
    18: "DK FI FK FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
  }).flatMap(([length, countries]) => countries.split(" ").map((country) => [country, Number(length)] as const)),
);

/** Remainder after ISO 7064 mod 97-10: letters count as 10 to 35, the first four characters come last. */
function ibanRemainder(value: string): number {
  let rest = 0;
  for (const character of value.slice(4) + value.slice(0, 4)) {
    const number = Number.parseInt(character, 36);
    rest = (rest * (number > 9 ? 100 : 10) + number) % 97;
  }
  return rest;
}

export const iban: Validator = {
  id: "iban",
  description: "Country, length and mod 97-10 check digits",
  source: "ISO 13616-1; ISO 7064; SWIFT IBAN registry",
  passRate: 0.01,
  check: (value) =>
    /^[A-Z]{2}[0-9]{2}[A-Z0-9]+$/.test(value) &&
    LENGTHS.get(value.slice(0, 2)) === value.length &&
    ibanRemainder(value) === 1,
};
