import type { MessageRecord } from "../core/records.ts";
import type { QuarantineStore } from "../core/store.ts";
import type { DecisionLinks } from "../http/console/decision-links.ts";
import type { DirectoryFacts } from "../pipeline/directory-facts.ts";
import { isOwnMessage } from "../quarantine/own-message.ts";

interface DecideUrlDependencies {
  readonly store: { readonly quarantine: Pick<QuarantineStore, "forMessage"> };
  readonly tenants: { readonly directory: (tenantId: string) => Promise<DirectoryFacts> };
  readonly decisionLinks: DecisionLinks;
  readonly publicUrl: () => string;
}

/** Where a person decides about a message while it is held; null for a message that he sent or received himself. */
export async function decideUrl(
  record: MessageRecord,
  person: string,
  { store, tenants, decisionLinks, publicUrl }: DecideUrlDependencies,
): Promise<string | null> {
  const item = await store.quarantine.forMessage(record.id);
  if (item?.state !== "held") return null;
  if (isOwnMessage(item, person, await tenants.directory(record.ref.tenantId))) return null;
  return `${publicUrl()}/decisions/${decisionLinks.issue({ item: item.id, person })}`;
}
