import type { BuiltInDetector, Match } from "../detector.ts";
import type { ByteView } from "../views/folded.ts";

/** Base64url of `{"`: how the header of every token begins. */
const BEGIN = "eyJ";
const DOT = 46;
const MAX_HEADER = 2_048;
const MAX_TOKEN = 16_384;
const MIN_PAYLOAD = 4;

/** Whether each byte belongs to base64url. */
const isBase64Url = Uint8Array.from({ length: 256 }, (_, code) =>
  code < 128 && /[A-Za-z0-9_-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

function* findTokens({ bytes }: ByteView): Generator<Match> {
  for (let at = bytes.indexOf(BEGIN); at >= 0; ) {
    const headerEnd = runEnd(bytes, at, MAX_TOKEN);
    let next = headerEnd;
    const startsToken = at === 0 || isBase64Url[bytes[at - 1] ?? 0] === 0;
    if (startsToken && bytes[headerEnd] === DOT && headerEnd - at <= MAX_HEADER && hasAlgorithm(bytes, at, headerEnd)) {
      const payloadEnd = runEnd(bytes, headerEnd + 1, MAX_TOKEN);
      if (payloadEnd - headerEnd > MIN_PAYLOAD && bytes[payloadEnd] === DOT) {
        const end = runEnd(bytes, payloadEnd + 1, MAX_TOKEN);
        yield { start: at, end, weight: 0.85, note: "signed token with a readable header" };
        next = end;
      }
    }
    at = bytes.indexOf(BEGIN, Math.max(next, at + 1));
  }
}

/** Each run is walked once: the search goes on behind it. */
function runEnd(bytes: Buffer, from: number, limit: number): number {
  let end = from;
  while (end < bytes.length && end - from < limit && isBase64Url[bytes[end] ?? 0] === 1) end++;
  return end;
}

function hasAlgorithm(bytes: Buffer, start: number, end: number): boolean {
  try {
    const header: unknown = JSON.parse(Buffer.from(bytes.toString("latin1", start, end), "base64url").toString("utf8"));
    return typeof header === "object" && header !== null && "alg" in header;
  } catch {
    return false;
  }
}

function sample(header: object, payload: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part(header)}.${part(payload)}.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c`;
}

export const jwt: BuiltInDetector = {
  id: "jwt",
  description: "JSON web tokens",
  source: "RFC 7519; RFC 7515",
  view: "raw",
  shapes: [],
  find: findTokens,
  canonical: (matched) => matched,
  context: [],
  surroundings: "token",
  mask: "keep-last-4",
  examples: {
    positive: [
      `Authorization: Bearer ${sample({ alg: "HS256", typ: "JWT" }, { sub: "1234567890" })}`,
      sample({ alg: "RS256", kid: "a" }, { iss: "x" }),
      `token=${sample({ typ: "JWT", alg: "ES256" }, { exp: 1 })}&x=1`,
      `"${sample({ alg: "none" }, { admin: true })}"`,
      `(${sample({ alg: "PS512" }, { aud: ["a", "b"] })})`,
    ],
    negative: [
      "abc.def.ghi",
      "eyJhbGciOiJIUzI1NiJ9",
      sample({ kid: "no algorithm" }, { sub: "1" }),
      "eyJ.eyJ.eyJ",
      `x${sample({ alg: "HS256" }, { sub: "1" })}`,
    ],
  },
};
