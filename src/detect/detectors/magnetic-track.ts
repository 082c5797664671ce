import type { BuiltInDetector } from "../detector.ts";
import { paymentCard } from "../validators/payment-card.ts";

const TRACK = /^(?:%[Bb])?;?([0-9]{13,19})(?:=|\^[^^]*\^)[0-9]{2}([0-9]{2})/;

export const magneticTrack: BuiltInDetector = {
  id: "magnetic-track",
  description: "Tracks 1 and 2 of a card's magnetic stripe: sensitive authentication data",
  source: "ISO/IEC 7813; PCI DSS, requirement 3.3",
  view: "folded",
  shapes: [
    {
      pattern: "%[Bb]\\d{13,19}\\^[^^\\r\\n]{2,26}\\^\\d{7}[^?\\r\\n]{0,60}\\??",
      open: "both",
      weight: 0.7,
      note: "track 1",
    },
    { pattern: ";\\d{13,19}=\\d{7}\\d{0,30}\\??", open: "both", weight: 0.7, note: "track 2" },
  ],
  validator: {
    id: "magnetic-track",
    description: "Card number with its check digit, month of expiry",
    source: "ISO/IEC 7813",
    passRate: 0.005,
    check(value) {
      const [, number = "", month = ""] = TRACK.exec(value) ?? [];
      return paymentCard.check(number) && Number(month) >= 1 && Number(month) <= 12;
    },
  },
  canonical: (matched) => matched,
  context: [],
  surroundings: "token",
  mask: "full",
  examples: {
    positive: [
      ";4111111111111111=30121011000012345678?",
      "%B4111111111111111^DOE/JANE^30121011000000000000?",
      "swiped: ;5555555555554444=2512101?",
      "%b378282246310005^ROE/R A^2601101123?",
      "dump ;6011111111111117=27051010000000000001?",
    ],
    negative: [
      ";4111111111111112=30121011000012345678?",
      ";4111111111111111=30131011000012345678?",
      "a;b=c?",
      "%B1234^X^3012101?",
      "4111111111111111=3012",
    ],
  },
};
