const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
/** What the checksum comes to: BIP-173 for witness version 0, BIP-350 for later ones. */
const BECH32 = 1;
const BECH32M = 0x2bc830a3;

/** True for a segregated-witness address with this prefix and a right checksum. */
export function isBech32Address(address: string, prefix: string): boolean {
  if (address !== address.toLowerCase() && address !== address.toUpperCase()) return false;
  const lower = address.toLowerCase();
  if (!lower.startsWith(`${prefix}1`)) return false;
  const data = [...lower.slice(prefix.length + 1)].map((character) => ALPHABET.indexOf(character));
  if (data.length < 8 || data.includes(-1)) return false;
  return polymod([...expand(prefix), ...data]) === (data[0] === 0 ? BECH32 : BECH32M);
}

function expand(prefix: string): number[] {
  const codes = [...prefix].map((character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(values: readonly number[]): number {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of GENERATOR.entries()) if ((top >> bit) & 1) check ^= generator;
  }
  return check >>> 0;
}
