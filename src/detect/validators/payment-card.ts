import type { Validator } from "../detector.ts";
import { passesLuhn } from "./luhn.ts";

interface Network {
  readonly first: number;
  readonly last: number;
  /** Digits of `first` and `last`. */
  readonly digits: number;
  readonly lengths: readonly number[];
}

/** Issuer ranges by network; lengths as issued, not as allowed. */
const NETWORKS: readonly Network[] = [
  { first: 4, last: 4, digits: 1, lengths: [13, 16, 19] }, // Visa
  { first: 51, last: 55, digits: 2, lengths: [16] }, // Mastercard
  { first: 2221, last: 2720, digits: 4, lengths: [16] }, // Mastercard, 2-series
  { first: 34, last: 34, digits: 2, lengths: [15] }, // American Express
  { first: 37, last: 37, digits: 2, lengths: [15] },
  { first: 6011, last: 6011, digits: 4, lengths: [16, 19] }, // Discover
  { first: 644, last: 659, digits: 3, lengths: [16, 19] },
  { first: 3528, last: 3589, digits: 4, lengths: [16, 19] }, // JCB
  { first: 300, last: 305, digits: 3, lengths: [14] }, // Diners Club
  { first: 3095, last: 3095, digits: 4, lengths: [14] },
  { first: 36, last: 36, digits: 2, lengths: [14] },
  { first: 38, last: 39, digits: 2, lengths: [14] },
  { first: 62, last: 62, digits: 2, lengths: [16, 17, 18, 19] }, // UnionPay
  { first: 8100, last: 8171, digits: 4, lengths: [16, 17, 18, 19] },
  { first: 2200, last: 2204, digits: 4, lengths: [16] }, // Mir
  { first: 5018, last: 5018, digits: 4, lengths: [16] }, // Maestro
  { first: 5019, last: 5019, digits: 4, lengths: [16] }, // Dankort
  { first: 5020, last: 5020, digits: 4, lengths: [16] },
  { first: 5038, last: 5038, digits: 4, lengths: [16] },
  { first: 6759, last: 6763, digits: 4, lengths: [16] },
];

function hasNetwork(value: string): boolean {
  return NETWORKS.some((network) => {
    if (!network.lengths.includes(value.length)) return false;
    const prefix = Number(value.slice(0, network.digits));
    return prefix >= network.first && prefix <= network.last;
  });
}

export const paymentCard: Validator = {
  id: "payment-card",
  description: "Prefix and length of a card network, and the Luhn digit",
  source: "ISO/IEC 7812-1; the networks' published issuer ranges",
  passRate: 0.039,
  check: (value) => /^[0-9]{13,19}$/.test(value) && hasNetwork(value) && passesLuhn(value),
};
