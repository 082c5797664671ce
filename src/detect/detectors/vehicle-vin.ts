import type { BuiltInDetector } from "../detector.ts";
import { vin } from "../validators/vin.ts";

export const vehicleVin: BuiltInDetector = {
  id: "vehicle-vin",
  description: "Vehicle identification numbers",
  source: "49 CFR 565; ISO 3779",
  view: "folded",
  shapes: [{ pattern: "[A-HJ-NPR-Z0-9]{17}", weight: 0.12, note: "17 characters" }],
  validator: vin,
  context: [
    ...[
      "vin",
      "vin number",
      "vehicle identification",
      "vehicle identification number",
      "chassis",
      "chassis number",
      "fahrgestellnummer",
      "fin",
      "numéro de châssis",
      "bastidor",
    ],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "VIN 1M8GDM9AXKP042788",
      "vin: 1HGCM82633A004352",
      "chassis number 1M8GDM9AXKP042788",
      "Vehicle Identification Number 5GZCZ43D13S812715",
      "Fahrgestellnummer 1M8GDM9AXKP042788",
    ],
    negative: [
      "VIN 1M8GDM9A1KP042788",
      "1M8GDM9AXKP042788",
      "VIN 1M8GDM9AXKP04278",
      "VIN 1M8GDM9AXKP042788X",
      "VIN 11111111111111111",
    ],
  },
};
