import type { BuiltInDetector } from "../detector.ts";
import { shannonEntropy } from "../evidence/entropy.ts";

/** Ids below it are fillers such as AKIAAAAAAAAAAAAAAAAA. Bits for each character. */
const MIN_ENTROPY = 2.5;

export const awsAccessKey: BuiltInDetector = {
  id: "aws-access-key",
  description: "Amazon Web Services access key ids, and secret access keys that are named as such",
  source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
  view: "raw",
  shapes: [
    { pattern: "(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}", weight: 0.85, note: "access key id" },
    {
      pattern:
        "(?:[Ss]ecret|SECRET)[_ -]?(?:[Aa]ccess|ACCESS)[_ -]?(?:[Kk]ey|KEY)[\"' ]{0,3}(?:[=:]|=>|is)[\"' ]{0,3}[A-Za-z0-9/+]{40}",
      inName: true,
      weight: 0.85,
      note: "secret access key",
    },
  ],
  validator: {
    id: "aws-access-key",
    description: "Not a filler",
    source: "measured",
    passRate: 1,
    check: (value) => shannonEntropy(value.slice(-40)) >= MIN_ENTROPY,
  },
  canonical: (matched) => (matched.length > 20 ? matched.slice(-40) : matched),
  isTestValue: (canonical) => canonical.endsWith("EXAMPLE") || canonical.endsWith("EXAMPLEKEY"),
  context: ["aws", "amazon", "access key", "secret", "credentials", "s3", "iam"],
  surroundings: "token",
  mask: "keep-last-4",
  examples: {
    positive: [
      "aws_access_key_id = AKIAQ7XZ2M5RTLWV3JNB",
      "key ASIA2Q7XZM5RTLWV3JNB expires soon",
      "AKIAIOSFODNN7EXAMPLE",
      `aws_secret_access_key = ${"wJalrXUtnFEMI/K7MDENG/"}bPxRfiCYx3q9Zt0LmQ`,
      `"SecretAccessKey": "${"8aQz0/Lr5Kp2+XyV7sWd"}N1mTfGhJ4bCeRuIoP3s9"`,
    ],
    negative: [
      "AKIAAAAAAAAAAAAAAAAA",
      "AKIAQ7XZ2M5RTLWV3JN",
      "akiaq7xz2m5rtlwv3jnb",
      "XAKIAQ7XZ2M5RTLWV3JNB",
      "AKIA for short",
    ],
  },
};
