import type { BuiltInDetector } from "../detector.ts";
import { githubChecksum, githubToken as validator } from "../validators/github-token.ts";

export const githubToken: BuiltInDetector = {
  id: "github-token",
  description: "GitHub personal, OAuth, app and refresh tokens; classic ones by their checksum",
  source: "https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/",
  view: "raw",
  shapes: [
    { pattern: "gh[pousr]_[A-Za-z0-9]{36}", weight: 0.5, note: "classic token" },
    { pattern: "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}", weight: 0.5, note: "fine-grained token" },
  ],
  validator,
  canonical: (matched) => matched,
  context: [],
  surroundings: "token",
  mask: "keep-last-4",
  examples: {
    positive: [
      `token ${sample("ghp")}`,
      `GITHUB_TOKEN=${sample("ghs")}`,
      `"${sample("gho")}"`,
      `https://x:${sample("ghu")}@github.example/r.git`,
      `github_pat_${"11ABCDEFG0aBcDeFgHiJkL"}_${"a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4y5Z6a7B8c9D"}`,
    ],
    negative: [
      `${sample("ghp").slice(0, -1)}z`,
      `ghp_${"a".repeat(36)}`,
      `x${sample("ghp")}`,
      "ghp_short",
      "github_pat_none",
    ],
  },
};

function sample(prefix: string): string {
  const random = `${prefix}zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ`.slice(0, 30);
  return `${prefix}_${random}${githubChecksum(random)}`;
}
