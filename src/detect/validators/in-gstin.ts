import type { Validator } from "../detector.ts";
import { inPan } from "./in-pan.ts";

export const inGstin: Validator = {
  id: "in-gstin",
  description: "State, PAN and check character mod 36",
  source: "Goods and Services Tax Network of India",
  passRate: 0.028,
  check(value) {
    if (!/^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]$/.test(value)) return false;
    const state = Number(value.slice(0, 2));
    if (!((state >= 1 && state <= 38) || state >= 96) || !inPan.check(value.slice(2, 12))) return false;
    let sum = 0;
    for (let index = 0; index < 14; index++) {
      const product = Number.parseInt(value.charAt(index), 36) * (1 + (index % 2));
      sum += Math.floor(product / 36) + (product % 36);
    }
    return ((36 - (sum % 36)) % 36).toString(36).toUpperCase() === value[14];
  },
};
