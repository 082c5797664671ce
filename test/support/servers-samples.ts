import type { NewAction, NewQuarantineItem, NewScan } from "../../src/core/records.ts";
import type { NewInboxItem, Store } from "../../src/core/store.ts";

/** Sample rows for the contract suites; every field can be set. */
export const NOON = new Date("2026-05-04T12:00:00.000Z");

/** A moment some seconds after noon. */
export function later(seconds: number): Date {
  return new Date(NOON.getTime() + seconds * 1_000);
}

export function lease(token: string, seconds = 60): { readonly token: string; readonly until: Date } {
  return { token, until: later(seconds) };
}

export function sentMail(messageId: string, change: Partial<NewInboxItem> = {}): NewInboxItem {
  return {
    tenantId: "t1",
    provider: "microsoft",
    mailbox: "ann@corp.example",
    stage: "sent",
    trigger: "notification",
    kind: "message",
    messageId,
    ...change,
  };
}

export function syncOf(mailbox: string): NewInboxItem {
  return sentMail("", { mailbox, kind: "sync", messageId: null });
}

export function label(id: string, change: Partial<NewAction> = {}): NewAction {
  return {
    id,
    kind: "label",
    target: "ann@corp.example",
    step: 0,
    state: "planned",
    reason: null,
    input: { name: "DLP" },
    ...change,
  };
}

export const HELD: NewQuarantineItem = {
  vaultKey: "k1",
  sha256: "00",
  expiresAt: later(86_400),
  final: false,
};

export function scan(
  identity: string,
  change: Partial<NewScan> & { readonly of?: Partial<NewScan["record"]> } = {},
): NewScan {
  const { of, ...rest } = change;
  return {
    identity,
    evidence: [],
    actions: [],
    quarantine: null,
    ...rest,
    record: {
      ref: { provider: "microsoft", tenantId: "t1", mailbox: "ann@corp.example", messageId: `id-of-${identity}` },
      stage: "sent",
      trigger: "notification",
      internetMessageId: `<${identity}@corp.example>`,
      sender: "ann@corp.example",
      subject: "Quarterly figures",
      scannedAt: NOON,
      verdict: "quarantine",
      status: "complete",
      policyRevision: "0123456789abcdef",
      recipients: [{ address: "bob@out.example", external: true, verdict: "quarantine", rules: ["cards-out"] }],
      findings: [
        { detector: "iban", part: "body", count: 1, occurrences: 2, confidence: "high", masked: ["****1234"] },
      ],
      problems: [],
      monitored: [],
      ...of,
    },
  };
}

export async function addTenant(store: Store, id: string, externalId = `external-${id}`): Promise<void> {
  const tenant = {
    id,
    provider: "microsoft",
    name: "Contoso",
    externalId,
    mode: "respond",
    mailboxes: "all",
    stages: ["sent"],
    serviceMailbox: null,
    state: "active",
    checks: [],
    domains: ["corp.example"],
    sealedSettings: `sealed-${id}`,
  } as const;
  await store.tenants.create(tenant, NOON);
}
