import type { Validator } from "../detector.ts";
import { base58Payload } from "./base58.ts";
import { isBech32Address } from "./bech32.ts";
import { keccak256 } from "./keccak.ts";

/** Version bytes of Bitcoin's pay-to-key-hash and pay-to-script-hash addresses. */
const BITCOIN_VERSIONS = [0x00, 0x05];
const KEY_HASH_BYTES = 21;

/** EIP-55: a letter is a capital where the hash of the lower-case address has a digit of 8 or more. */
function isEthereumAddress(address: string): boolean {
  const digits = address.slice(2);
  const lower = digits.toLowerCase();
  // Written in one case it carries no checksum.
  if (digits === lower || digits === digits.toUpperCase()) return new Set(lower).size > 4;
  const hash = keccak256(lower);
  return [...digits].every((character, index) => {
    if (!/[a-f]/i.test(character)) return true;
    return Number.parseInt(hash.charAt(index), 16) >= 8 === (character === character.toUpperCase());
  });
}

/** Case matters: the value is checked as it is written. */
export const cryptoWallet: Validator = {
  id: "crypto-wallet",
  description: "Base58Check, Bech32, Bech32m or EIP-55 checksum",
  source: "BIP-13, BIP-173, BIP-350, EIP-55",
  passRate: 0.000001,
  check(value) {
    if (/^0x[0-9a-fA-F]{40}$/.test(value)) return isEthereumAddress(value);
    if (/^bc1/i.test(value)) return isBech32Address(value, "bc");
    const payload = base58Payload(value);
    return payload?.length === KEY_HASH_BYTES && BITCOIN_VERSIONS.includes(payload[0] ?? -1);
  },
};
