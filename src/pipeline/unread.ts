import { createHash } from "node:crypto";
import type { InboxItem } from "../core/store.ts";
import { evaluate } from "../policy/evaluate.ts";
import { enforce } from "./enforce.ts";
import type { Inspection } from "./inspection.ts";
import type { ScanDependencies } from "./scan.ts";

/**
 * Records a message that could not be fetched after all attempts: status `failed`, told to whom the error switches
 * name. Nothing is taken away, because there is no copy to keep. Returns the record's id when notices are to be sent.
 */
export async function recordUnread(
  item: InboxItem,
  reason: string,
  dependencies: ScanDependencies,
): Promise<string | null> {
  const connected = await dependencies.tenant(item.tenantId);
  if (!connected || item.messageId === null) return null;
  const { tenant, connector } = connected;
  const { provider, tenantId, mailbox, stage, trigger } = item;
  const ref = { provider, tenantId, mailbox, messageId: item.messageId };
  const [policy, directory] = await Promise.all([dependencies.policy(), connected.directory()]);
  const evaluation = evaluate(
    policy.policy,
    {
      sender: mailbox,
      stage,
      recipients: [],
      internalDomains: directory.domains,
      groups: directory.groups,
      bytes: 0,
      attachments: [],
      problems: [],
      partOrigins: new Map(),
      encrypted: false,
    },
    [],
  );
  const decided = {
    job: { ref, stage, trigger },
    mime: new Uint8Array(),
    inspection: unreadInspection(ref.messageId, reason),
    evaluation: {
      ...evaluation,
      verdict: "allow" as const,
      recipients: [],
      settings: { ...evaluation.settings, "quarantine.on-error": false },
    },
    policy,
    tenant,
    connector,
    directory,
    encrypted: false,
  };
  const { created, record } = await enforce(decided, dependencies);
  return created && record.actions.some((action) => action.state === "planned") ? record.id : null;
}

function unreadInspection(messageId: string, reason: string): Inspection {
  return {
    head: null,
    subject: null,
    findings: [],
    evidence: [],
    tallies: [],
    problems: [{ part: "message", code: "unreachable", detail: reason }],
    attachments: [],
    origins: [],
    fingerprint: createHash("sha256").update(`unread\n${messageId}`).digest("hex"),
    status: "failed",
  };
}
