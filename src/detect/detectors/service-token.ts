import type { BuiltInDetector } from "../detector.ts";
import { shannonEntropy } from "../evidence/entropy.ts";

/** Vendor prefix and length are unmistakable; the entropy keeps documentation out. Bits for each character. */
const MIN_ENTROPY = 3;
const WEIGHT = 0.85;

/** Alphabetical by vendor. */
const TOKENS: readonly (readonly [note: string, pattern: string])[] = [
  ["Anthropic", "sk-ant-[a-z0-9]{5}-[A-Za-z0-9_-]{80,110}"],
  ["Azure client secret", "[A-Za-z0-9_][A-Za-z0-9_~.]{2}[0-9]Q~[A-Za-z0-9_~.-]{31,34}"],
  ["Databricks", "dapi[a-f0-9]{32}(?:-[0-9])?"],
  ["DigitalOcean", "do[opr]_v1_[a-f0-9]{64}"],
  ["GitLab", "gl(?:pat|ptt|dt|rt|cbt|ft|soat)-[A-Za-z0-9_-]{20,50}"],
  ["Grafana", "gl(?:c|sa)_[A-Za-z0-9+/_]{32,150}"],
  ["HashiCorp Vault", "hv[sb]\\.[A-Za-z0-9_-]{24,150}"],
  ["Hugging Face", "hf_[A-Za-z]{34}"],
  ["Mailgun", "key-[0-9a-f]{32}"],
  ["New Relic", "NRAK-[A-Z0-9]{27}"],
  ["npm", "npm_[A-Za-z0-9]{36}"],
  ["OpenAI", "sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,160}"],
  ["OpenAI", "sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}"],
  ["Postman", "PMAK-[a-f0-9]{24}-[a-f0-9]{34}"],
  ["PyPI", "pypi-AgE[A-Za-z0-9_-]{50,180}"],
  ["SendGrid", "SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}"],
  ["Shopify", "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"],
  ["Square", "sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}"],
  ["Telegram bot", "[0-9]{8,10}:AA[A-Za-z0-9_-]{33}"],
  ["Twilio", "SK[0-9a-f]{32}"],
];

export const serviceToken: BuiltInDetector = {
  id: "service-token",
  description: "Access tokens of other services by their vendor's prefix",
  source: "The vendors' documentation of their token formats",
  view: "raw",
  shapes: TOKENS.map(([note, pattern]) => ({ pattern, open: "end", weight: WEIGHT, note: `${note} token` })),
  validator: {
    id: "service-token",
    description: "Not a filler",
    source: "measured",
    passRate: 1,
    check: (value) => shannonEntropy(value) >= MIN_ENTROPY,
  },
  canonical: (matched) => matched,
  context: [],
  surroundings: "token",
  mask: "keep-last-4",
  examples: {
    positive: [
      `token ${"glpat"}-a1B2c3D4e5F6g7H8i9J0`,
      `${"SG"}.a1B2c3D4e5F6g7H8i9J0kL.m3N4o5P6q7R8s9T0u1V2w3X4y5Z6a7B8c9D0e1F2g3H`,
      `HF_TOKEN=${"hf"}_aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH`,
      `npm login with ${"npm"}_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8`,
      `secret: ${"abc8Q~"}dEfGhIjKlMnOpQrStUvWxYz0123456789-`,
    ],
    negative: [`glpat-${"x".repeat(20)}`, "npm_package_version", "hf_transfer", "SG.short.token", "dapibus"],
  },
};
