import type { BuiltInDetector } from "../detector.ts";
import { cryptoWallet as validator } from "../validators/crypto-wallet.ts";

export const cryptoWallet: BuiltInDetector = {
  id: "crypto-wallet",
  description: "Bitcoin and Ethereum addresses",
  source: "BIP-13, BIP-173, BIP-350, EIP-55",
  view: "raw",
  shapes: [
    { pattern: "[13][1-9A-HJ-NP-Za-km-z]{25,34}", weight: 0.35, note: "Base58 address" },
    { pattern: "(?:bc1|BC1)[0-9A-Za-z]{11,71}", weight: 0.4, note: "Bech32 address" },
    { pattern: "0x[0-9a-fA-F]{40}", weight: 0.2, note: "Ethereum address" },
  ],
  validator,
  canonical: (matched) => matched,
  context: ["btc", "bitcoin", "eth", "ethereum", "wallet", "crypto", "address"],
  surroundings: "token",
  mask: "keep-last-4",
  examples: {
    positive: [
      "send to 1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
      "wallet bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
      "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
      "ETH 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
      "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
    ],
    negative: [
      "1BoatSLRHtKNngkdXEeobR76b53LETtpyU",
      "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
      "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
      "0x0000000000000000000000000000000000000000",
      "1234567890123456789012345678901234",
    ],
  },
};
