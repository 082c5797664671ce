import type { BuiltInDetector } from "../detector.ts";
import { npi } from "../validators/npi.ts";

export const usNpi: BuiltInDetector = {
  id: "us-npi",
  description: "United States national provider identifiers (health care)",
  source: "CMS National Provider Identifier standard",
  view: "folded",
  shapes: [
    { pattern: "[12]\\d{9}", weight: 0.15, note: "10 digits beginning with 1 or 2" },
    { pattern: "[12]\\d{3}[ -]\\d{3}[ -]\\d{3}", weight: 0.15, note: "4-3-3 digits" },
    { pattern: "[12]\\d{2}[ -]\\d{3}[ -]\\d{4}", weight: 0.1, note: "3-3-4 digits" },
  ],
  validator: npi,
  context: [
    "npi",
    "npi number",
    "npi#",
    "national provider",
    "national provider identifier",
    "provider",
    "provider id",
    "prescriber",
    "physician",
    "nppes",
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "NPI 1234567893",
      "National Provider Identifier: 1245319599",
      "npi# 1003000126",
      "provider 1234-567-893",
      "prescriber's NPI is 1679576722",
    ],
    negative: ["NPI 1234567890", "NPI 3234567893", "call 1234567893", "NPI 12345678930", "NPI 123456789"],
  },
};
