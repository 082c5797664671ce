import type { BuiltInDetector } from "../detector.ts";
import { shannonEntropy } from "../evidence/entropy.ts";

const MIN_ENTROPY = 3.5;

export const gcpApiKey: BuiltInDetector = {
  id: "gcp-api-key",
  description: "Google API keys and OAuth client secrets",
  source: "https://cloud.google.com/docs/authentication/api-keys",
  view: "raw",
  shapes: [
    { pattern: "AIza[0-9A-Za-z_-]{35}", open: "end", weight: 0.85, note: "API key" },
    { pattern: "GOCSPX-[0-9A-Za-z_-]{28}", open: "end", weight: 0.85, note: "OAuth client secret" },
  ],
  validator: {
    id: "gcp-api-key",
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
      `key ${"AIza"}SyD9tSrke72PouQMnMX-a7eZSW0jkFMBWY3`,
      `https://maps.example.com/?key=${"AIza"}SyB0p3Kq9v_Lr7Xw2Jm5Nh8Tg1Uc4Ze6Ys0`,
      `"api_key": "${"AIza"}SyC-1dFgHjKlQwErTyUiOpZxCvBnM098765"`,
      `client secret ${"GOCSPX"}-q7Zr2KpWx9LmTv4YsBn8Jd3HgFcA`,
      `GOOGLE_API_KEY=${"AIza"}SyA7bQx3Vn9Kr5Tw1Lp8Zj6Mh2Gf4Cd0s-_`,
    ],
    negative: [
      `${"AIza"}AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`,
      `${"AIza"}SyD9tSrke72`,
      "AIza",
      `x${"AIza"}SyD9tSrke72PouQMnMX-a7eZSW0jkFMBWY3`,
      "GOCSPX-short",
    ],
  },
};
