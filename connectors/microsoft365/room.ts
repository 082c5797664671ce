import type { Clock, Logger } from "../../src/core/ports.ts";
import type { DirectoryMailbox, MicrosoftTenantSettings } from "../../src/core/tenant.ts";
import type { GraphClient } from "./client.ts";
import type { Folders } from "./folders.ts";

/** What every part of the connector works with. */
export interface Room {
  /** Postern's id of the tenant. */
  readonly tenantId: string;
  readonly settings: MicrosoftTenantSettings;
  readonly graph: GraphClient;
  readonly folders: Folders;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lookup: (address: string) => Promise<DirectoryMailbox | undefined>;
  /** Categories that were seen with their colour, as `user/name`: one look for each mailbox is enough. */
  readonly coloured: Set<string>;
  /** Where messages stood whose move is under way, by their immutable id. */
  readonly origins: Map<string, string>;
  /** Ids of notices whose last try was refused for certain: they may be sent without looking for them first. */
  readonly refusedNotices: Set<string>;
  /** Whether this cloud has `permanentDelete`, and the tenant wants it. */
  readonly permanentDelete: boolean;
}

/** The user's id for a mailbox's address; Graph takes the address too, where it is the principal name. */
export async function userOf(room: Pick<Room, "lookup">, address: string): Promise<string> {
  return (await room.lookup(address))?.userId ?? address;
}
