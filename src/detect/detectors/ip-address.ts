import { isIP } from "node:net";
import type { BuiltInDetector } from "../detector.ts";

export const ipAddress: BuiltInDetector = {
  id: "ip-address",
  description: "IPv4 and IPv6 addresses; medium confidence when more than ten different ones stand together",
  source: "RFC 791; RFC 4291",
  view: "folded",
  shapes: [
    { pattern: "\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}", weight: 0.4, note: "IPv4" },
    { pattern: "(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}", weight: 0.4, note: "IPv6" },
    { pattern: "(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}", weight: 0.4, note: "IPv6, compressed" },
  ],
  validator: {
    id: "ip-address",
    description: "An address, neither unspecified nor loopback",
    source: "RFC 5735; RFC 4291",
    passRate: 0.5,
    check: (value) =>
      isIP(value) !== 0 && !/^(?:0|127|255)\.|^::1?$/.test(value) && (isIP(value) === 4 || value.length >= 7),
  },
  canonical: (matched) => matched.toLowerCase(),
  bulk: { moreThan: 10, weight: 0.3 },
  context: [],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      Array.from({ length: 11 }, (_, index) => `10.0.0.${index + 1}`).join("\n"),
      Array.from({ length: 12 }, (_, index) => `192.168.${index}.7`).join(", "),
      Array.from({ length: 11 }, (_, index) => `2001:db8::ff00:42:83${index + 10}`).join(" "),
      Array.from({ length: 11 }, (_, index) => `server${index} = 172.16.4.${index + 100};`).join("\n"),
      Array.from({ length: 11 }, (_, index) => `fe80:0:0:0:200:f8ff:fe21:${1000 + index}`).join("\n"),
    ],
    negative: [
      "10.0.0.1 and 10.0.0.2",
      Array.from({ length: 30 }, () => "10.0.0.1").join(" "),
      Array.from({ length: 11 }, (_, index) => `999.1.1.${index}`).join(" "),
      Array.from({ length: 11 }, (_, index) => `12:34:${10 + index}`).join(" "),
      Array.from({ length: 11 }, (_, index) => `1.2.3.4.${index}`).join(" "),
    ],
  },
};
