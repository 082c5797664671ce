import type { Validator } from "../detector.ts";

export const usItin: Validator = {
  id: "us-itin",
  description: "Area 9xx and a group that is issued",
  source: "https://www.irs.gov/individuals/individual-taxpayer-identification-number",
  passRate: 0.044,
  check: (value) => /^9[0-9]{2}(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-2]|9[4-9])[0-9]{4}$/.test(value),
};
