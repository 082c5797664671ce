import { randomUUID } from "node:crypto";
import { isPosternError } from "../core/errors.ts";
import type { Clock, Logger, MailConnector } from "../core/ports.ts";
import type { TenantStore } from "../core/store.ts";
import type { Directory, Tenant, TenantCheck, TenantSettings, TenantState } from "../core/tenant.ts";
import type { CatchUpDependencies } from "./catch-up.ts";
import { chosenMailboxes } from "./chosen-mailboxes.ts";
import type { DirectoryReadingDependencies } from "./directory-reading.ts";
import { forEachLimited } from "./limited.ts";
import { watchedStages } from "./subscriptions.ts";

/** The answer waits so long for the mailboxes' cursors; larger tenants get the rest in the background, by time. */
const BASELINE_MS = 15_000;
const BASELINE_AT_ONCE = 8;

export interface ConnectDependencies {
  readonly tenants: TenantStore;
  readonly directoryReading: DirectoryReadingDependencies;
  readonly syncs: CatchUpDependencies["syncs"];
  /** @throws PosternError REQUEST_INVALID for settings that cannot work (a key that is none, an address not allowed). */
  readonly open: (id: string, settings: TenantSettings) => MailConnector;
  /** Seals the settings for the database. */
  readonly seal: (id: string, settings: TenantSettings) => string;
  /** Closes a connector that was opened in vain. */
  readonly abandon: (id: string) => void;
  /** What was known of the tenant's directory is out of date. */
  readonly directoryChanged: (id: string) => void;
  /** Tells the schedule that there is a new tenant. */
  readonly hurry: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Connects a tenant: tries what its mode needs, reads its directory, notes where each mailbox stands now. What is sent
 * after the answer is scanned. A missing right is no failure of the call: it is in `checks`, and the state tells.
 */
export async function connectTenant(
  settings: TenantSettings,
  dependencies: ConnectDependencies,
  signal: AbortSignal,
): Promise<Tenant> {
  const id = randomUUID();
  const connector = dependencies.open(id, settings);
  try {
    return await connectWith(id, connector, settings, dependencies, signal);
  } catch (error) {
    dependencies.abandon(id);
    throw error;
  }
}

async function connectWith(
  id: string,
  connector: MailConnector,
  settings: TenantSettings,
  dependencies: ConnectDependencies,
  signal: AbortSignal,
): Promise<Tenant> {
  const since = dependencies.clock.now();
  const checks = allChecks(settings, await connector.check(settings.mode, signal));
  const directory = await readable(connector, dependencies.logger, signal);
  const created = await dependencies.tenants.create(
    {
      id,
      provider: settings.provider,
      name: settings.name,
      externalId: settings.provider === "microsoft" ? settings.tenantId : settings.customerId,
      mode: settings.mode,
      mailboxes: settings.mailboxes,
      stages: settings.stages,
      serviceMailbox: settings.serviceMailbox ?? (settings.provider === "google" ? settings.adminEmail : null),
      state: stateOf(checks),
      checks,
      domains: directory?.domains ?? [],
      sealedSettings: dependencies.seal(id, settings),
    },
    since,
  );
  if (directory) await baseline(created, connector, directory, since, dependencies, signal);
  dependencies.hurry();
  return created;
}

async function readable(connector: MailConnector, logger: Logger, signal: AbortSignal): Promise<Directory | undefined> {
  try {
    return await connector.directory(signal);
  } catch (error) {
    if (!isPosternError(error)) throw error;
    logger.info({ code: error.code, ...error.details }, "the directory of a new tenant cannot be read yet");
    return undefined;
  }
}

/** Takes the cursors: what the mailboxes hold now is the past, what comes is to be scanned. */
async function baseline(
  tenant: Tenant,
  connector: MailConnector,
  directory: Directory,
  since: Date,
  dependencies: ConnectDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { syncs } = dependencies;
  await dependencies.directoryReading.directory.replace(tenant.id, directory.mailboxes, directory.groups);
  dependencies.directoryChanged(tenant.id);
  const places = chosenMailboxes(tenant, directory.mailboxes, directory.groups).flatMap((mailbox) =>
    watchedStages({ tenant }).map((stage) => ({ tenantId: tenant.id, mailbox, stage })),
  );
  await forEachLimited(places, BASELINE_AT_ONCE, (place) => syncs.start({ ...place, cursor: null, since }));
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(BASELINE_MS)]);
  await forEachLimited(places, BASELINE_AT_ONCE, async ({ mailbox, stage }) => {
    if (inTime.aborted) return;
    try {
      // What this reading finds is the past, the same second's mail too; what comes after it is in the next one.
      const { cursor } = await connector.changes({ mailbox, stage, cursor: undefined, since }, inTime);
      await syncs.save({ tenantId: tenant.id, mailbox, stage, cursor, since, syncedAt: since });
    } catch (error) {
      if (signal.aborted) throw error;
      // Too slow, or not readable yet: the schedule reads it from `since` on.
      dependencies.logger.info(
        { tenant: tenant.id, stage, code: isPosternError(error) ? error.code : "timeout" },
        "a mailbox has no cursor yet",
      );
    }
  });
}

/** What the connector tried, and what the settings ask for that the provider has no way to watch. */
export function allChecks(
  settings: Pick<TenantSettings, "provider" | "stages">,
  tried: readonly TenantCheck[],
): readonly TenantCheck[] {
  const watched = watchedStages({ tenant: settings });
  const unwatched = settings.stages.filter((stage) => !watched.includes(stage));
  if (unwatched.length === 0) return tried;
  const missing = `${unwatched.join(" and ")} cannot be watched at this provider`;
  return [
    ...tried,
    { name: "stages", ok: false, missing, grant: `Leave ${unwatched.join(" and ")} out of \`stages\`.` },
  ];
}

/** Without a token nothing works; without a single right something may. */
export function stateOf(checks: readonly TenantCheck[]): TenantState {
  if (checks.some((check) => check.name === "token" && !check.ok)) return "failed";
  return checks.every((check) => check.ok) ? "active" : "degraded";
}
