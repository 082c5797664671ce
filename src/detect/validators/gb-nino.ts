import type { Validator } from "../detector.ts";

export const gbNino: Validator = {
  id: "gb-nino",
  description: "Prefix and suffix letters that are issued",
  source: "HMRC National Insurance Manual, NIM39110",
  passRate: 1,
  check: (value) =>
    /^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]$/.test(value) && !/^(?:BG|GB|KN|NK|NT|TN|ZZ)/.test(value),
};
