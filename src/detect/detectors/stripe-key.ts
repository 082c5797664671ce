import type { BuiltInDetector } from "../detector.ts";

export const stripeKey: BuiltInDetector = {
  id: "stripe-key",
  description: "Stripe secret and restricted keys and webhook secrets",
  source: "https://docs.stripe.com/keys",
  view: "raw",
  shapes: [
    { pattern: "[sr]k_live_[A-Za-z0-9]{16,150}", weight: 0.9, note: "live key" },
    { pattern: "[sr]k_test_[A-Za-z0-9]{16,150}", weight: 0.55, note: "test key" },
    { pattern: "whsec_[A-Za-z0-9+/]{24,64}", weight: 0.8, note: "webhook secret" },
  ],
  validator: {
    id: "stripe-key",
    description: "Holds digits and letters",
    source: "measured",
    passRate: 1,
    check: (value) => /[0-9]/.test(value) && new Set(value.slice(8)).size >= 8,
  },
  canonical: (matched) => matched,
  context: [],
  surroundings: "token",
  mask: "keep-last-4",
  examples: {
    positive: [
      `${"sk_live"}_4eC39HqLyjWDarjtT1zdp7dc`,
      `key: ${"rk_live"}_51HxQ2kLmN8pRsTuVwXyZ0aBc`,
      `STRIPE=${"sk_test"}_4eC39HqLyjWDarjtT1zdp7dc`,
      `${"whsec"}_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6`,
      `"${"sk_live"}_51HxQ2kLmN8pRsTuVwXyZ0aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789aBcDeFgHiJkLmNoPqRsTuVwXyZ"`,
    ],
    negative: [
      "sk_live_short",
      `sk_live_${"x".repeat(24)}`,
      "pk_live_4eC39HqLyjWDarjtT1zdp7dc",
      "task_live_4eC39HqLyjWDarjtT1zdp7dc",
      "whsec_",
    ],
  },
};
