import type { BuiltInDetector, Match } from "../detector.ts";
import { shannonEntropy } from "../evidence/entropy.ts";
import type { ByteView } from "../views/folded.ts";

/** 64 random bytes in base64, with their padding. */
const KEY_LENGTH = 88;
const PADDING = "==";
const MIN_ENTROPY = 4;
const LABEL = /(?:Account|Shared[Aa]ccess|access)_?[Kk]ey["']?[ :=]{1,4}["']?$/;
const LABEL_REACH = 32;
const isBase64 = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9+/]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

/** From the padding backwards: text is full of what may begin a key, and has little that may end one. */
function* findKeys({ bytes }: ByteView): Generator<Match> {
  for (let at = bytes.indexOf(PADDING); at >= 0; at = bytes.indexOf(PADDING, at + PADDING.length)) {
    const end = at + PADDING.length;
    const start = end - KEY_LENGTH;
    let first = at;
    while (first >= start && isBase64[bytes[first - 1] ?? 0] === 1) first--;
    if (first !== start) continue;
    const isLabelled = LABEL.test(bytes.toString("latin1", Math.max(0, start - LABEL_REACH), start));
    yield isLabelled
      ? { start, end, weight: 0.9, note: "labelled account key" }
      : { start, end, weight: 0.3, note: "64 bytes in base64" };
  }
}

export const azureStorageKey: BuiltInDetector = {
  id: "azure-storage-key",
  description: "Azure storage account keys, alone with context or in connection strings",
  source: "https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string",
  view: "raw",
  shapes: [],
  find: findKeys,
  validator: {
    id: "azure-storage-key",
    description: "64 bytes with the entropy of random ones",
    source: "RFC 4648; measured",
    passRate: 1,
    check: (value) => shannonEntropy(value) >= MIN_ENTROPY,
  },
  canonical: (matched) => matched,
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
