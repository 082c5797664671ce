import type { VerdictBody } from "../../core/event-bodies.ts";

/** What several formats say about a verdict. */

export function providerName(provider: VerdictBody["provider"]): string {
  return provider === "microsoft" ? "m365" : provider;
}

const MODES = { compose: "draft", draft: "draft", outbox: "held", sent: "sent", file: "upload" } as const;

export function deliveryMode({ stage, trigger }: Pick<VerdictBody, "stage" | "trigger">): string {
  return trigger === "backfill" ? "retroScan" : MODES[stage];
}

export function externalRecipients({ recipients }: VerdictBody): readonly string[] {
  return recipients.filter(({ external }) => external).map(({ address }) => address);
}

/** Each rule once, those of stricter recipients not before others: order of first mention. */
export function ruleIds({ recipients }: VerdictBody): readonly string[] {
  return [...new Set(recipients.flatMap(({ rules }) => rules))];
}

/** For people: what was found, or that nothing was. Free of content. */
export function verdictTitle({ findings, verdict }: VerdictBody): string {
  const detectors = [...new Set(findings.map(({ detector }) => detector))];
  if (detectors.length === 0) return `Outbound mail: ${verdict}`;
  const more = detectors.length > 3 ? ` and ${detectors.length - 3} more` : "";
  return `Outbound mail with ${detectors.slice(0, 3).join(", ")}${more}: ${verdict}`;
}

/** 0 to 10 as ArcSight counts: 0-3 low, 4-6 medium, 7-8 high, 9-10 very high. */
export const CEF_SEVERITY = { allow: 1, warn: 4, "must-encrypt": 5, quarantine: 7, block: 8 } as const;
