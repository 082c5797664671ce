import type { BuiltInDetector } from "../detector.ts";
import { randomText, secretOf } from "../validators/secret-text.ts";

const LABEL =
  "(?:[Ss]ecret|SECRET|[Tt]oken|TOKEN|[Aa]pi[_-]?[Kk]ey|API[_-]?KEY|[Aa]ccess[_-]?[Kk]ey|ACCESS[_-]?KEY|[Pp]rivate[_-]?[Kk]ey|[Aa]uth[_-]?[Kk]ey|[Cc]lient[_-]?[Ss]ecret|CLIENT[_-]?SECRET|[Cc]redentials?)";

/** Offset of the value behind label, separator and quote. */
function valueAt(matched: string): number {
  return /^[^:=>]*["'`]? {0,2}(?:=>|:=|[:=])[ \t]{0,3}["'`]?/.exec(matched)?.[0].length ?? 0;
}

export const genericSecret: BuiltInDetector = {
  id: "generic-secret",
  description: "Random values behind a label such as secret, token or api key",
  source: "C. E. Shannon, A Mathematical Theory of Communication, 1948; wording of configuration files",
  view: "raw",
  shapes: [
    {
      pattern: `${LABEL}["'\`]? {0,2}(?:=>|:=|[:=])[ \\t]{0,3}["'\`]?[A-Za-z0-9+/=_.~-]{16,90}`,
      open: "end",
      inName: true,
      weight: 0.6,
      note: "random value behind a label",
    },
  ],
  validator: { ...randomText, check: (value) => randomText.check(value) },
  canonical: (matched) => secretOf(matched.slice(valueAt(matched))),
  valueAt,
  context: [],
  surroundings: "token",
  mask: "keep-last-4",
  examples: {
    positive: [
      "api_key = 9fJk2LmQ7xPzR4tVb8Nw",
      'client_secret: "Zx8Kq2Lm-Vb7Nw4Rt_Yp1Qs"',
      "SERVICE_TOKEN=a8F3kL9zQ2mX7vB4nR6t",
      "auth.token: 'q7W3e9R1t5Y8u2I6o4P0'",
      "apiKey => 5gT8hY2jK9lM4nB7vC1x",
    ],
    negative: [
      "api_key = your_api_key_goes_here",
      "token: 0123456789abcdef0123456789abcdef",
      "secret = /etc/ssl/private/server1.key",
      "token: aaaaaaaaaaaaaaaaaaaaaaaa",
      "The token count is 4096",
      "public_key_monkey = whatever",
    ],
  },
};
