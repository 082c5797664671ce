import type { BuiltInDetector, Match } from "../detector.ts";
import type { ByteView } from "../views/folded.ts";

const AT = 64;
/** RFC 5321, section 4.5.3.1: 64 octets before the @, 255 for the domain. */
const MAX_LOCAL = 64;
const MAX_DOMAIN = 255;

const LOCAL = /[A-Za-z0-9._%+'-]/;
const DOMAIN = /(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}(?:[A-Za-z]{2,24}|xn--[A-Za-z0-9-]{1,59})(?![A-Za-z0-9-])/y;

/** Whether each ASCII character may stand before the @. */
const isLocal = Uint8Array.from({ length: 256 }, (_, code) =>
  LOCAL.test(String.fromCharCode(code)) && code < 128 ? 1 : 0,
);

function* findAddresses({ bytes }: ByteView): Generator<Match> {
  let free = 0;
  for (let at = bytes.indexOf(AT); at >= 0; at = bytes.indexOf(AT, at + 1)) {
    let start = at;
    while (start > free && at - start < MAX_LOCAL && isLocal[bytes[start - 1] ?? 0] === 1) start--;
    // Quotes, dots and dashes around an address are not part of it.
    while (start < at && !/[A-Za-z0-9_]/.test(String.fromCharCode(bytes[start] ?? 0))) start++;
    if (start === at) continue;
    DOMAIN.lastIndex = 0;
    const domain = DOMAIN.exec(bytes.toString("latin1", at + 1, Math.min(bytes.length, at + 1 + MAX_DOMAIN)));
    if (domain === null) continue;
    const end = at + 1 + domain[0].length;
    free = end;
    yield { start, end, weight: 0.4, note: "address" };
  }
}

export const emailAddress: BuiltInDetector = {
  id: "email-address",
  description: "E-mail addresses; medium confidence when more than ten different ones stand together",
  source: "RFC 5321, section 4.1.2",
  view: "folded",
  shapes: [],
  find: findAddresses,
  bulk: { moreThan: 10, weight: 0.3 },
  canonical: (matched) => matched.toLowerCase(),
  context: [],
  surroundings: "token",
  mask: "keep-last-4",
  examples: {
    positive: [
      Array.from({ length: 11 }, (_, index) => `user${index}@example.com`).join(", "),
      Array.from({ length: 12 }, (_, index) => `<first.last+${index}@mail.example.co.uk>`).join("\n"),
      Array.from({ length: 11 }, (_, index) => `Person ${index} (p_${index}@sub.example.org)`).join("; "),
      Array.from({ length: 11 }, (_, index) => `mailto:${index}x@example.net`).join(" "),
      Array.from({ length: 11 }, (_, index) => `ｕser${index}＠example．com`).join(" "),
    ],
    negative: [
      "Write to ann@example.com or bob@example.com",
      Array.from({ length: 30 }, () => "same@example.com").join(", "),
      Array.from({ length: 11 }, (_, index) => `@user${index}`).join(" "),
      Array.from({ length: 11 }, (_, index) => `user${index}@localhost`).join(" "),
      Array.from({ length: 11 }, (_, index) => `a${index}@@example.com`).join(" "),
    ],
  },
};
