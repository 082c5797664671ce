import type { BuiltInDetector } from "../detector.ts";
import { zaId as validator } from "../validators/za-id.ts";

export const zaId: BuiltInDetector = {
  id: "za-id",
  description: "South African identity numbers",
  source: "Department of Home Affairs of South Africa",
  view: "folded",
  shapes: [
    { pattern: "\\d{6} \\d{4} \\d{3}", weight: 0.25, note: "6-4-3 digits" },
    { pattern: "\\d{13}", weight: 0.15, note: "13 digits" },
  ],
  validator,
  context: [
    ...[
      "id number",
      "id no",
      "identity number",
      "rsa id",
      "south african id",
      "sa id",
      "id book",
      "identiteitsnommer",
      "id nommer",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "ID number 8001015009087",
      "RSA ID: 800101 5009 087",
      "identity number 8001015009087",
      "SA ID 8001015009087",
      "identiteitsnommer 8001015009087",
    ],
    negative: [
      "ID number 8001015009088",
      "8001015009087",
      "ID number 80010150090870",
      "order 8001015009087",
      "ID number 8013015009087",
    ],
  },
};
