import type { Clock, Logger, MailConnector, Metrics, TimeWindow } from "../../src/core/ports.ts";
import type { DirectoryMailbox, MicrosoftTenantSettings } from "../../src/core/tenant.ts";
import { performAction, possibleActions } from "./actions.ts";
import { readChanges } from "./changes.ts";
import { checkTenant } from "./checks.ts";
import { createGraphClient } from "./client.ts";
import { openCredentials } from "./credentials.ts";
import { readDirectory } from "./directory.ts";
import { readDirectoryChanges } from "./directory-changes.ts";
import { resolveEndpoints } from "./endpoints.ts";
import { fetchMessage } from "./fetch.ts";
import { openFolders } from "./folders.ts";
import { listMessages } from "./list.ts";
import type { Room } from "./room.ts";
import { testMailRoute } from "./test-mail.ts";
import { createThrottle } from "./throttle.ts";
import { readTraces } from "./traces.ts";
import { listWatches, unwatchFolder, watchFolder } from "./watch.ts";

export interface ConnectorContext {
  /** Postern's id of the tenant. */
  readonly tenantId: string;
  /** Other addresses than the cloud's: sandboxes, private endpoints. */
  readonly endpoints: { readonly graphUrl?: string; readonly loginUrl?: string };
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The directory as it was read last, by primary address or alias in lower case. */
  readonly lookup: (address: string) => Promise<DirectoryMailbox | undefined>;
  readonly fetch?: typeof fetch;
}

/**
 * One Microsoft 365 tenant through Microsoft Graph. Opens nothing by itself; the first call asks for a token.
 * @throws PosternError CONFIG_INVALID for addresses and certificates that cannot be used.
 */
export function openMicrosoftConnector(
  settings: MicrosoftTenantSettings,
  context: ConnectorContext,
): MailConnector & { close(): void } {
  const endpoints = resolveEndpoints(settings.cloud, context.endpoints);
  const fetcher = context.fetch ?? fetch;
  const throttle = createThrottle();
  const credentials = openCredentials(settings, endpoints, { throttle, fetch: fetcher });
  const graph = createGraphClient({
    graphUrl: endpoints.graphUrl,
    credentials,
    throttle,
    metrics: context.metrics,
    fetch: fetcher,
  });
  const room: Room = {
    tenantId: context.tenantId,
    settings,
    graph,
    folders: openFolders(graph),
    clock: context.clock,
    logger: context.logger,
    lookup: context.lookup,
    coloured: new Set(),
    origins: new Map(),
    refusedNotices: new Set(),
    permanentDelete: endpoints.permanentDelete && settings.capabilities?.permanentDelete !== false,
  };
  return {
    provider: "microsoft",
    can: possibleActions,
    check: (mode, signal) => checkTenant(room, credentials.renewed, mode, signal),
    directory: (signal) => readDirectory(room, signal),
    directoryChanges: (cursor, signal) => readDirectoryChanges(room, endpoints.graphUrl, cursor, signal),
    changes: (request, signal) => readChanges(room, endpoints.graphUrl, request, signal),
    list: (mailbox, window, signal) => listMessages(room, mailbox, window, signal),
    watch: (request, signal) => watchFolder(room, request, signal),
    unwatch: (_mailbox, watch, signal) => unwatchFolder(room, watch, signal),
    ...(endpoints.messageTraces && {
      traces: (window: TimeWindow, signal: AbortSignal) => readTraces(room, window, signal),
    }),
    watches: (signal) => listWatches(room, signal),
    fetch: (ref, signal) => fetchMessage(room, ref, signal),
    perform: (action, signal) => performAction(room, action, signal),
    testMail: testMailRoute(room),
    close: credentials.close,
  };
}
