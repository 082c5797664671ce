import type { Validator } from "../detector.ts";
import { shannonEntropy } from "../evidence/entropy.ts";

/** What stands where a secret would, in documentation, templates and prose about secrets. */
const PLACEHOLDER =
  /^(?:[*.x•_#-]+|<.*|\[.*|\$[{(]?.*|\{\{.*|%.*%|(?:change[_-]?me|password|passwort|secret|your|my|the|example|sample|dummy|test|none|null|nil|undefined|true|false|required|reset|expired?|incorrect|wrong|invalid|protected|hidden|redacted|masked|encrypted|here|below|above|attached|https?:|www\.|var\.|process\.env|os\.environ|getenv|env\.).*)$/i;
const MIN_LENGTH = 6;

/** The written value without quotes around it and punctuation behind it. */
export function secretOf(text: string): string {
  return text.replace(/^["'`(]+/, "").replace(/["'`)\].,;:!?]+$/, "");
}

/** Kinds of characters: lower case, upper case behind the first letter, digits, signs. */
function kinds(text: string): number {
  return [/[a-z]/, /.[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text)).length;
}

export const passwordText: Validator = {
  id: "password-text",
  description: "No placeholder and no plain word",
  source: "measured on mail about passwords",
  passRate: 1,
  check(value) {
    const secret = secretOf(value);
    return secret.length >= MIN_LENGTH && !PLACEHOLDER.test(secret) && kinds(secret) >= 2 && new Set(secret).size >= 4;
  },
};

/** Bits for each character: English words have less, random base64 has 4.5 and more at this length. */
const MIN_ENTROPY = 3.5;
const HASH_LENGTHS = new Set([32, 40, 56, 64, 96, 128]);

export const randomText: Validator = {
  id: "random-text",
  description: "Entropy of random text, no hash and no path",
  source: "C. E. Shannon, A Mathematical Theory of Communication, 1948",
  passRate: 1,
  check(value) {
    const secret = secretOf(value);
    if (PLACEHOLDER.test(secret) || kinds(secret) < 2 || !/[0-9]/.test(secret)) return false;
    if (/^[0-9a-f]+$/i.test(secret) && HASH_LENGTHS.has(secret.length)) return false;
    return !/^[/.]|\/.*\/.*\/|\.[a-z]{2,4}$/.test(secret) && shannonEntropy(secret) >= MIN_ENTROPY;
  },
};
