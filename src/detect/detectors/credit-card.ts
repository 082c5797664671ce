import type { BuiltInDetector } from "../detector.ts";
import { paymentCard } from "../validators/payment-card.ts";

/** One separator: space, dash or dot, or the line break of a folded line. */
const S = "(?:[ .-]|\\r?\\n)?";

/** Numbers that the networks and payment services publish for tests. */
const TEST_NUMBERS = new Set([
  "4111111111111111",
  "4012888888881881",
  "4242424242424242",
  "4222222222222",
  "4000056655665556",
  "5555555555554444",
  "5105105105105100",
  "5200828282828210",
  "2223003122003222",
  "2223000048400011",
  "2223520043560014",
  "378282246310005",
  "371449635398431",
  "378734493671000",
  "6011111111111117",
  "6011000990139424",
  "30569309025904",
  "38520000023237",
  "3056930009020004",
  "3530111333300000",
  "3566002020360505",
  "6200000000000005",
]);

export const creditCard: BuiltInDetector = {
  id: "credit-card",
  description: "Payment card numbers (PAN) of all networks",
  source: "ISO/IEC 7812-1; PCI DSS",
  view: "folded",
  shapes: [
    {
      pattern: `(?:4\\d{3}|5[0-5]\\d{2}|2[2-7]\\d{2}|6\\d{3}|81\\d{2}|35\\d{2})${S}\\d{4}${S}\\d{4}${S}\\d{4}(?:${S}\\d{1,3})?`,
      weight: 0.36,
      note: "16 to 19 digits with a card network's prefix",
    },
    { pattern: `3[47]\\d{2}${S}\\d{6}${S}\\d{5}`, weight: 0.36, note: "15 digits, American Express" },
    { pattern: `3(?:0[0-59]|[689]\\d)\\d${S}\\d{6}${S}\\d{4}`, weight: 0.36, note: "14 digits, Diners Club" },
    { pattern: "4\\d{12}", weight: 0.2, note: "13 digits, early Visa" },
    { pattern: `(?:62|81)\\d{4}${S}\\d{10,13}`, weight: 0.36, note: "UnionPay" },
  ],
  validator: paymentCard,
  isTestValue: (canonical) => TEST_NUMBERS.has(canonical),
  context: [
    ...["card", "cards", "visa", "mastercard", "amex", "american express", "discover", "diners", "jcb", "unionpay"],
    ...["credit card", "debit card", "card number", "cc", "pan", "expiry", "expires", "exp", "cvv", "cvc", "cvv2"],
    ...["kreditkarte", "kreditkartennummer", "karte", "kartennummer", "carte", "carte bancaire", "carte bleue"],
    ...["tarjeta", "tarjeta de crédito", "carta di credito", "carta", "cartão", "creditcard", "kort", "kortnummer"],
    ...["karta", "kortti", "карта", "кредитная карта", "信用卡", "卡号", "クレジットカード", "カード番号", "신용카드"],
  ],
  surroundings: "number",
  mask: "keep-last-4",
  examples: {
    positive: [
      "Card 4111-1111-1111-1111",
      "4111 1111 1111 1111",
      "pay with 5555555555554444 please",
      "Amex 3782 822463 10005",
      "the 2-series: 2223 0031 2200 3222",
      "6234 5678 9012 3456 780 is a UnionPay number of 19 digits",
      "dots: 4111.1111.1111.1111",
      "full width ４１１１１１１１１１１１１１１１",
      "Diners 30569309025904",
    ],
    negative: [
      "4111 1111 1111 1112",
      "1234 5678 9012 3456",
      "event at 1748503543012",
      "4111111111111111222",
      "0000-4111-1111-1111-1111",
      "f47ac10b-58cc-4372-a567-411111111111",
      "version 0.4111111111111111",
    ],
  },
};
