import type { BuiltInDetector } from "../detector.ts";
import { birthDate, parseDate } from "../validators/birth-date.ts";

const MONTH = "(?:[Jj]an|[Ff]eb|[Mm]ar|[Aa]pr|[Mm]ay|[Jj]un|[Jj]ul|[Aa]ug|[Ss]ep|[Oo]ct|[Nn]ov|[Dd]ec)[a-z]{0,6}\\.?";

export const dateOfBirth: BuiltInDetector = {
  id: "date-of-birth",
  description: "Dates that are labelled as a date of birth",
  source: "HIPAA Privacy Rule, 45 CFR 164.514(b)(2); ISO 8601",
  view: "folded",
  shapes: [
    { pattern: "\\d{1,2}[/.-]\\d{1,2}[/.-](?:\\d{4}|\\d{2})", weight: 0.1, note: "day, month, year" },
    { pattern: "(?:19|20)\\d{2}[/.-]\\d{1,2}[/.-]\\d{1,2}", weight: 0.1, note: "year, month, day" },
    {
      pattern: `\\d{1,2}(?:st|nd|rd|th|\\.)? (?:of )?${MONTH},? (?:19|20)\\d{2}`,
      weight: 0.1,
      note: "day, month by name, year",
    },
    { pattern: `${MONTH} \\d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\\d{2}`, weight: 0.1, note: "month by name, day, year" },
  ],
  validator: birthDate,
  canonical: (matched) => parseDate(matched)?.join("-") ?? matched,
  needsLabel: true,
  context: [
    ...["dob", "d.o.b", "date of birth", "birth date", "birthdate", "birthday", "born", "born on", "geburtsdatum"],
    ...["geb", "geboren", "geboren am", "geburtstag", "date de naissance", "né le", "née le", "naissance"],
    ...["fecha de nacimiento", "nacido", "nacida", "nacimiento", "data di nascita", "nato il", "nata il"],
    ...["data de nascimento", "nascido", "geboortedatum", "data urodzenia", "födelsedatum", "født", "fødselsdato"],
    ...["syntymäaika", "дата рождения", "生年月日", "出生日期", "생년월일"],
  ],
  surroundings: "token",
  mask: "full",
  examples: {
    positive: [
      "DOB 03/04/1985",
      "Date of birth: 1985-04-03",
      "born on 12 March 1970",
      "Geburtsdatum: 03.04.1985",
      "né le 3/4/85",
      "Birth date: April 3, 1985",
    ],
    negative: ["Meeting on 03/04/2025", "DOB 03/04/2199", "DOB 31.02.1985", "DOB pending", "born in 1970"],
  },
};
