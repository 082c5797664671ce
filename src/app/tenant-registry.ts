import type { Clock, Logger, MailConnector } from "../core/ports.ts";
import type { Store } from "../core/store.ts";
import type { DirectoryMailbox, Tenant, TenantSettings } from "../core/tenant.ts";
import { chosenMailboxes } from "../intake/chosen-mailboxes.ts";
import { type DirectoryFacts, directoryFacts } from "../pipeline/directory-facts.ts";
import type { ActivePolicy } from "../pipeline/inspection.ts";
import type { ConnectedTenant } from "../pipeline/scan.ts";
import { expiringCache } from "./expiring-cache.ts";
import { openTenantHealth, type TenantHealth } from "./tenant-health.ts";

/** What another process changed about tenants and directories is seen after this long. */
const FRESH_MS = 2_000;

export interface TenantRegistryDependencies {
  readonly store: Pick<Store, "tenants" | "directory">;
  readonly policy: () => Promise<ActivePolicy>;
  readonly openConnector: (id: string, settings: TenantSettings, lookup: Lookup) => MailConnector & { close(): void };
  readonly unseal: (id: string, sealed: string) => TenantSettings;
  readonly clock: Clock;
  readonly logger: Logger;
}

export type Lookup = (address: string) => Promise<DirectoryMailbox | undefined>;

/** The connected tenants with their open connectors; opened when first needed, in whatever process needs them. */
export interface TenantRegistry {
  get(id: string): Promise<ConnectedTenant | undefined>;
  all(): Promise<readonly ConnectedTenant[]>;
  settings(id: string): Promise<TenantSettings | undefined>;
  /** The directory as stored, indexed. */
  directory(id: string): Promise<DirectoryFacts>;
  /** Opens a connector for a tenant that is not stored yet. */
  open(id: string, settings: TenantSettings): MailConnector;
  forget(id: string): void;
  /** What is known of the tenant or its directory has changed. */
  refresh(id: string): void;
  readonly health: Pick<TenantHealth, "ok" | "trouble">;
  close(): void;
}

interface Known {
  readonly facts: DirectoryFacts;
  /** Primary addresses under the tenant's choice. */
  readonly chosen: ReadonlySet<string>;
}

interface Opened {
  readonly settings: TenantSettings;
  readonly connector: MailConnector & { close(): void };
}

export function openTenantRegistry(dependencies: TenantRegistryDependencies): TenantRegistry {
  const { store } = dependencies;
  const opened = new Map<string, Opened>();
  const tenants = expiringCache(FRESH_MS, (id: string) => store.tenants.get(id));
  const known = expiringCache(FRESH_MS, readKnown);
  const factsOf = async (id: string): Promise<DirectoryFacts> => (await known.get(id)).facts;

  async function readKnown(id: string): Promise<Known> {
    const [tenant, mailboxes, groups, { policy }] = await Promise.all([
      tenants.get(id),
      store.directory.mailboxes(id),
      store.directory.groups(id),
      dependencies.policy(),
    ]);
    return {
      facts: directoryFacts([...(tenant?.domains ?? []), ...policy.internalDomains], mailboxes, groups),
      chosen: new Set(tenant ? chosenMailboxes(tenant, mailboxes, groups) : []),
    };
  }

  function open(id: string, settings: TenantSettings): MailConnector {
    opened.get(id)?.connector.close();
    const lookup: Lookup = async (address) => {
      const { facts, chosen } = await known.get(id);
      const mailbox = facts.resolve(address);
      return mailbox && { ...mailbox, chosen: chosen.has(mailbox.address) };
    };
    const connector = dependencies.openConnector(id, settings, lookup);
    opened.set(id, { settings, connector });
    return connector;
  }

  async function ensure(tenant: Tenant): Promise<Opened | undefined> {
    const standing = opened.get(tenant.id);
    if (standing) return standing;
    const sealed = await store.tenants.settings(tenant.id);
    if (sealed === undefined) return undefined;
    open(tenant.id, dependencies.unseal(tenant.id, sealed));
    return opened.get(tenant.id);
  }

  async function connected(tenant: Tenant): Promise<ConnectedTenant | undefined> {
    const entry = await ensure(tenant);
    if (!entry) return undefined;
    const serviceMailbox = tenant.serviceMailbox ?? (await firstManager(tenant.id));
    return { tenant: { ...tenant, serviceMailbox }, connector: entry.connector, directory: () => factsOf(tenant.id) };
  }

  /** Without a service mailbox the first DLP manager who has a mailbox in the tenant sends the notices. */
  async function firstManager(id: string): Promise<string | null> {
    const [{ policy }, directory] = await Promise.all([dependencies.policy(), factsOf(id)]);
    const managers = policy.scopes.find((scope) => scope.name === "global")?.settings["dlp.managers"] ?? [];
    for (const manager of managers) {
      const mailbox = directory.resolve(manager);
      if (mailbox?.usable) return mailbox.address;
    }
    return null;
  }

  async function getConnected(id: string): Promise<ConnectedTenant | undefined> {
    const tenant = await tenants.get(id);
    return tenant && connected(tenant);
  }

  async function getSettings(id: string): Promise<TenantSettings | undefined> {
    const tenant = await tenants.get(id);
    return tenant && (await ensure(tenant))?.settings;
  }

  const health = openTenantHealth({
    tenants: store.tenants,
    connected: getConnected,
    settings: getSettings,
    changed: (id) => tenants.forget(id),
    logger: dependencies.logger,
  });

  return {
    get: getConnected,
    async all() {
      const list = await Promise.all((await store.tenants.list()).map(connected));
      return list.filter((entry) => entry !== undefined);
    },
    settings: getSettings,
    directory: factsOf,
    open,
    refresh(id) {
      tenants.forget(id);
      known.forget(id);
    },
    forget(id) {
      opened.get(id)?.connector.close();
      opened.delete(id);
      tenants.forget(id);
      known.forget(id);
    },
    health,
    close() {
      health.close();
      for (const { connector } of opened.values()) connector.close();
      opened.clear();
    },
  };
}
