import { readFileSync } from "node:fs";
import { join } from "node:path";

type Detect = (text: string) => { readonly all: readonly string[]; readonly sure: readonly string[] };

/** Our detectors by the names that gitleaks and detect-secrets give their rules; the rest has no detector of its own. */
const SECRETS: Readonly<Record<string, string>> = {
  jwt: "jwt",
  "detect-secrets:jwt": "jwt",
  "aws-access-token": "aws-access-key",
  "detect-secrets:aws_key": "aws-access-key",
  "gcp-api-key": "gcp-api-key",
  "telegram-bot-api-token": "service-token",
  "huggingface-access-token": "service-token",
  "azure-ad-client-secret": "service-token",
  "vault-service-token": "service-token",
  "detect-secrets:gitlab_token": "service-token",
  "detect-secrets:npm": "service-token",
  "slack-user-token": "slack-token",
  "slack-bot-token": "slack-token",
  "slack-legacy-token": "slack-token",
  "slack-legacy-bot-token": "slack-token",
  "slack-config-access-token": "slack-token",
  "slack-legacy-workspace-token": "slack-token",
  "detect-secrets:slack": "slack-token",
  "github-app-token": "github-token",
  "sidekiq-sensitive-url": "connection-string",
  "stripe-access-token": "stripe-key",
  "generic-api-key": "generic-secret",
};

/** validator.js looks at a bare value: what it needs to be found is its label. */
const VALUES: Readonly<Record<string, readonly [detector: string, label: string]>> = {
  isCreditCard: ["credit-card", ""],
  isIBAN: ["iban", ""],
  isBIC: ["swift-bic", "BIC "],
  isAbaRouting: ["us-aba-routing", "routing number "],
  isIMEI: ["device-imei", "IMEI "],
  isEmail: ["email-address", ""],
  isIP: ["ip-address", ""],
  isBtcAddress: ["crypto-wallet", "bitcoin "],
  isEthereumAddress: ["crypto-wallet", "ethereum "],
  isJWT: ["jwt", ""],
};

interface Result {
  hit: number;
  missed: number;
  wrong: number;
  quiet: number;
}

/** Published test cases of gitleaks, detect-secrets and validator.js, those of kinds that we have. */
export function morePublishedCases(detect: Detect, print: (line: string) => void): void {
  const corpus = process.env.POSTERN_CORPUS;
  if (corpus === undefined) {
    print("\nPublished cases of secrets and values: skipped, POSTERN_CORPUS is not set");
    return;
  }
  const rows = (file: string): readonly (readonly string[])[] =>
    readFileSync(join(corpus, "detect", file), "utf8")
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t"));
  const secrets = new Map<string, Result>();
  for (const [name = "", text = "", expected = ""] of rows("secrets.tsv")) {
    const detector = SECRETS[name];
    if (detector !== undefined) note(secrets, detector, expected, detect(unescaped(text)));
  }
  table("Published cases of gitleaks and detect-secrets", secrets, print);
  const values = new Map<string, Result>();
  for (const [name = "", text = "", expected = "", options] of rows("validatorjs.tsv")) {
    const [detector, label] = VALUES[name] ?? [];
    // With options the question is another one, for instance whether a card is of one network.
    if (detector !== undefined && options === "[]")
      note(values, detector, expected, detect(`${label}${unescaped(text)}`));
  }
  table("Published cases of validator.js, labelled", values, print);
}

function note(results: Map<string, Result>, detector: string, expected: string, found: ReturnType<Detect>): void {
  const result = results.get(detector) ?? { hit: 0, missed: 0, wrong: 0, quiet: 0 };
  results.set(detector, result);
  if (expected === "yes") found.all.includes(detector) ? result.hit++ : result.missed++;
  else if (expected === "no") found.sure.includes(detector) ? result.wrong++ : result.quiet++;
}

function table(title: string, results: ReadonlyMap<string, Result>, print: (line: string) => void): void {
  print(`\n${title}: found (any confidence), wrong (medium), precision %, recall %, F2 %`);
  for (const [detector, { hit, missed, wrong, quiet }] of results) {
    const precision = hit / (hit + wrong);
    const recall = hit / (hit + missed);
    const f2 = (5 * precision * recall) / (4 * precision + recall);
    const percent = [precision, recall, f2].map((share) => (share * 100).toFixed(1)).join("\t");
    print(`${detector.padEnd(20)}\t${hit}/${hit + missed}\t${wrong}/${wrong + quiet}\t${percent}`);
  }
}

function unescaped(text: string): string {
  return text.replaceAll("\\n", "\n").replaceAll("\\t", "\t");
}
