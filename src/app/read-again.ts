import { isPosternError } from "../core/errors.ts";
import type { MailConnector } from "../core/ports.ts";
import type { MessageRecord } from "../core/records.ts";
import { aliasesOf, type DirectoryFacts } from "../pipeline/directory-facts.ts";
import type { ActivePolicy, Inspector } from "../pipeline/inspection.ts";
import { justificationIn } from "../pipeline/justification.ts";
import { isEncrypted } from "../pipeline/scan.ts";
import type { PastMessage } from "../policy/simulate.ts";

export interface ReadAgainDependencies {
  readonly connectorFor: (tenantId: string) => Promise<MailConnector | undefined>;
  readonly inspector: Inspector;
  readonly fingerprintKey: (tenantId: string) => Uint8Array;
  readonly directory: (tenantId: string) => Promise<DirectoryFacts>;
}

/**
 * A past message as another policy sees it, from the mailbox itself. Undefined when the provider no longer gives it:
 * it was deleted, moved into quarantine, or its tenant is disconnected.
 */
export async function readAgain(
  record: MessageRecord,
  policy: ActivePolicy,
  dependencies: ReadAgainDependencies,
  signal: AbortSignal,
): Promise<PastMessage | undefined> {
  const { tenantId } = record.ref;
  const connector = await dependencies.connectorFor(tenantId);
  if (!connector) return undefined;
  const fetched = await connector.fetch(record.ref, signal).catch((error: unknown) => {
    if (isPosternError(error) && !signal.aborted) return undefined;
    throw error;
  });
  if (!fetched) return undefined;
  const { mime, recipients } = fetched;
  const key = dependencies.fingerprintKey(tenantId);
  const inspection = await dependencies.inspector.inspect(
    { bytes: mime, name: null, as: "message", key },
    policy,
    signal,
  );
  const directory = await dependencies.directory(tenantId);
  const justification = justificationIn(inspection.head);
  const addressed = new Set(
    [...(inspection.head?.recipients ?? []), ...recipients].map((recipient) => recipient.address),
  );
  return {
    id: record.id,
    subject: inspection.subject ?? "",
    facts: {
      sender: record.sender,
      stage: record.stage,
      recipients: [...addressed],
      internalDomains: directory.domains,
      groups: directory.groups,
      aliases: aliasesOf([record.sender, ...addressed], directory),
      bytes: mime.byteLength,
      attachments: inspection.attachments,
      problems: inspection.problems,
      partOrigins: new Map(inspection.origins),
      encrypted: isEncrypted(inspection.head),
      ...(justification === undefined ? {} : { justification }),
    },
    tallies: inspection.tallies,
    before: { verdict: record.verdict, recipients: record.recipients },
    findings: inspection.findings,
  };
}
