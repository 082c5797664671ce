import type { BuiltInDetector } from "../detector.ts";
import { shannonEntropy } from "../evidence/entropy.ts";

/** 64 random bytes in base64. */
const KEY_LENGTH = 88;
const MIN_ENTROPY = 4;

export const azureStorageKey: BuiltInDetector = {
  id: "azure-storage-key",
  description: "Azure storage account keys, alone with context or in connection strings",
  source: "https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string",
  view: "raw",
  shapes: [
    {
      pattern: "(?:Account|Shared[Aa]ccess|access)_?[Kk]ey[\"']?[ :=]{1,4}[\"']?[A-Za-z0-9+/]{86}==",
      open: "end",
      weight: 0.9,
      note: "labelled account key",
    },
    { pattern: "[A-Za-z0-9+/]{86}==", open: "end", weight: 0.3, note: "64 bytes in base64" },
  ],
  validator: {
    id: "azure-storage-key",
    description: "64 bytes with the entropy of random ones",
    source: "RFC 4648; measured",
    passRate: 1,
    check: (value) => shannonEntropy(value) >= MIN_ENTROPY,
  },
  canonical: (matched) => matched.slice(-KEY_LENGTH),
  valueAt: (matched) => matched.length - KEY_LENGTH,
  context: ["azure", "storage account", "storage key", "accountkey", "account key", "blob", "azurewebsites", "cosmos"],
  surroundings: "token",
  mask: "keep-last-4",
  examples: {
    positive: [
      `AccountName=corp;AccountKey=${sample(1)};EndpointSuffix=core.windows.net`,
      `azure storage account: ${sample(2)}`,
      `"access_key": "${sample(3)}"`,
      `AccountKey = ${sample(4)}`,
      `the storage key is ${sample(5)}`,
    ],
    negative: [
      `AccountKey=${"A".repeat(86)}==`,
      `AccountKey=${sample(1).slice(0, 60)}==`,
      "AccountKey=<your key>",
      `${sample(6)}`,
      "The storage account key was rotated",
    ],
  },
};

/** A key that nobody has: made here, so that the file holds none. */
function sample(seed: number): string {
  const bytes = Uint8Array.from({ length: 64 }, (_, index) => (index * 73 + seed * 151 + index * index * 7) % 256);
  return Buffer.from(bytes).toString("base64");
}
