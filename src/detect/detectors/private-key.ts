import type { BuiltInDetector, Match } from "../detector.ts";
import type { ByteView } from "../views/folded.ts";

const BEGIN = "-----BEGIN ";
const HEADER = /-----BEGIN ((?:[A-Z0-9]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?)-----/y;
const HEADER_LENGTH = 80;
/** An RSA key of 16,384 bits takes about 13,000 characters. */
const MAX_KEY = 32_768;
/** Shorter bodies are no key; an Ed25519 key in PKCS #8 has 64 characters. */
const MIN_BODY = 48;

function* findKeys({ bytes }: ByteView): Generator<Match> {
  for (let at = bytes.indexOf(BEGIN); at >= 0; at = bytes.indexOf(BEGIN, at + 1)) {
    HEADER.lastIndex = 0;
    const header = HEADER.exec(bytes.toString("latin1", at, Math.min(bytes.length, at + HEADER_LENGTH)));
    if (header === null) continue;
    const bodyStart = at + header[0].length;
    const window = bytes.subarray(bodyStart, Math.min(bytes.length, bodyStart + MAX_KEY));
    const next = window.indexOf(BEGIN);
    const footer = `-----END ${header[1]}-----`;
    // Up to the next header only: many headers without an end must not cost a search through the rest each.
    const footerAt = (next < 0 ? window : window.subarray(0, next)).indexOf(footer);
    const closed = footerAt >= 0;
    const body = window.toString("latin1", 0, closed ? footerAt : Math.min(next < 0 ? window.length : next, 4_096));
    const material = keyMaterial(body);
    if (material < MIN_BODY) yield { start: at, end: bodyStart, weight: 0.3, note: "header of a private key" };
    else if (closed) yield { start: at, end: bodyStart + footerAt + footer.length, weight: 0.95, note: "private key" };
    else yield { start: at, end: bodyStart, weight: 0.8, note: "private key without its end" };
  }
}

/** Number of base64 characters before something that cannot stand in a PEM body. Quotes and \n of JSON may. */
function keyMaterial(body: string): number {
  const text = body.replace(/\\[nr]/g, "").replace(/^(?:[ \t>]*[A-Za-z-]{1,40}: .*(?:\r?\n|$))+/m, "");
  const run = /^[A-Za-z0-9+/=\s>"',\\*-]*/.exec(text)?.[0] ?? "";
  return run.replace(/[^A-Za-z0-9+/=]/g, "").length;
}

const BODY = "MC4CAQAwBQYDK2VwBCIEIGrkC9u1Tmt2vWQZkq7dTz0yJxkq3WqkYqk1Xo2y";

/** Put together here, so that no file of the project looks as if it held a key. */
function example(kind: string, body: string): string {
  return `-----BEGIN ${kind}-----\n${body}\n-----END ${kind}-----`;
}

export const privateKey: BuiltInDetector = {
  id: "private-key",
  description: "Private keys in PEM, OpenSSH or PGP armour",
  source: "RFC 7468; RFC 9580, section 6.2",
  view: "raw",
  shapes: [],
  find: findKeys,
  canonical: (matched) => matched.replace(/\s/g, ""),
  context: [],
  surroundings: "token",
  mask: "full",
  examples: {
    positive: [
      example("PRIVATE KEY", BODY),
      example("RSA PRIVATE KEY", `Proc-Type: 4,ENCRYPTED\n\n${BODY}\n${BODY}`),
      example("OPENSSH PRIVATE KEY", `${BODY}\r\n${BODY}`),
      example("PGP PRIVATE KEY BLOCK", `Version: 1\n\n${BODY}`),
      JSON.stringify({ private_key: example("PRIVATE KEY", BODY) }),
      `> ${example("EC PRIVATE KEY", BODY).replaceAll("\n", "\n> ")}`,
    ],
    negative: [
      example("PUBLIC KEY", BODY),
      example("CERTIFICATE", BODY),
      "-----BEGIN PRIVATE KEY----- is how such a file begins.",
      example("PRIVATE KEY", "..."),
      "BEGIN PRIVATE KEY",
    ],
  },
};
