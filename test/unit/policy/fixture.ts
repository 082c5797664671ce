import type { Confidence, Tally } from "../../../src/core/finding.ts";
import type { Policy } from "../../../src/core/policy.ts";
import type { MessageFacts } from "../../../src/policy/evaluate.ts";
import { loadPolicy } from "../../../src/policy/load.ts";
import { vocabulary } from "./vocabulary.ts";

/** A policy from YAML; its faults are the failure's message. */
export function policyOf(source: string): Policy {
  const loaded = loadPolicy(source, "yaml", vocabulary);
  if (!loaded.ok) throw new Error(loaded.faults.map((fault) => `${fault.line}: ${fault.reason}`).join("\n"));
  return loaded.policy;
}

/** A mail from Ann to one outsider, with nothing particular about it. */
export function facts(change: Partial<MessageFacts> = {}): MessageFacts {
  return {
    sender: "ann@corp.example",
    stage: "sent",
    recipients: ["bob@out.example"],
    internalDomains: new Set(["corp.example"]),
    groups: new Map(),
    bytes: 1_000,
    attachments: [],
    problems: [],
    partOrigins: new Map(),
    encrypted: false,
    ...change,
  };
}

/** So many distinct values of a detector in a part. */
export function tally(detector: string, count: number, part = "body", confidence: Confidence = "medium"): Tally {
  const fingerprints = Array.from({ length: count }, (_, index) => `${detector}-${index}`);
  return { detector, part, confidence, occurrences: count, fingerprints };
}

/** A policy with these rules, all selected globally. Rules are YAML flow maps. */
export function rules(...written: readonly string[]): Policy {
  const ids = written.map((_, index) => `r${index}`);
  return policyOf(
    [
      "rules:",
      ...written.map((rule, index) => `  - { id: ${ids[index]}, ${rule} }`),
      `scopes: { global: { rules: [${ids.join(", ")}] } }`,
    ].join("\n"),
  );
}
