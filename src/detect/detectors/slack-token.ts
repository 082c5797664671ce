import type { BuiltInDetector } from "../detector.ts";

export const slackToken: BuiltInDetector = {
  id: "slack-token",
  description: "Slack tokens and incoming webhooks",
  source: "https://api.slack.com/concepts/token-types",
  view: "raw",
  shapes: [
    { pattern: "xox[abeoprs]-(?:[0-9]{1,3}-)?[A-Za-z0-9-]{20,140}", weight: 0.85, note: "token" },
    { pattern: "xapp-[0-9]-[A-Z0-9]{8,16}-[0-9]{8,16}-[a-f0-9]{32,90}", weight: 0.9, note: "app token" },
    {
      pattern: "hooks\\.slack\\.com/(?:services|workflows)/T[A-Z0-9]{6,14}/[AB][A-Z0-9]{6,14}/[A-Za-z0-9/]{16,60}",
      weight: 0.85,
      note: "webhook address",
    },
  ],
  validator: {
    id: "slack-token",
    description: "Holds digits",
    source: "measured",
    passRate: 1,
    check: (value) => /[0-9]{4}|[0-9].*[A-Z].*[0-9]/.test(value),
  },
  canonical: (matched) => matched,
  context: [],
  surroundings: "token",
  mask: "keep-last-4",
  examples: {
    positive: [
      `${"xoxb"}-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx`,
      `token: ${"xoxp"}-1234567890-1234567890-1234567890-abcdef0123456789abcdef0123456789`,
      `${"xapp"}-1-A0123456789-1234567890123-${"0123456789abcdef".repeat(4)}`,
      `https://${"hooks.slack.com"}/services/T01234567/B01234567/a1B2c3D4e5F6g7H8i9J0k1L2`,
      `SLACK=${"xoxs"}-1234567890-1234567890-12345678-a1b2c3d4e5`,
    ],
    negative: [
      "xoxb-",
      "xoxb-your-token-goes-right-here-please",
      "xoxb-short1",
      "https://slack.com/services",
      "xoxx-123456789012-1234567890123-AbCdEfGh",
    ],
  },
};
