import { crc32 } from "node:zlib";
import type { Validator } from "../detector.ts";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECKSUM_LENGTH = 6;

/** The six characters at the end of a classic token: CRC-32 of the thirty before them, in base 62. */
export function githubChecksum(random: string): string {
  let rest = crc32(random);
  let text = "";
  for (; rest > 0; rest = Math.floor(rest / 62)) text = BASE62.charAt(rest % 62) + text;
  return text.padStart(CHECKSUM_LENGTH, "0");
}

export const githubToken: Validator = {
  id: "github-token",
  description: "CRC-32 checksum at the end of the token",
  source: "https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/",
  passRate: 0.000001,
  check(value) {
    // The checksum of fine-grained tokens is not published.
    if (value.startsWith("github_pat_")) return true;
    const secret = value.slice(4);
    return githubChecksum(secret.slice(0, -CHECKSUM_LENGTH)) === secret.slice(-CHECKSUM_LENGTH);
  },
};
