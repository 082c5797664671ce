import { join } from "node:path";
import type { Logger as Pino } from "pino";
import { openNoticeServer } from "../../connectors/smtp/notice-server.ts";
import type { Clock, Logger, Queue, Vault } from "../core/ports.ts";
import type { Store } from "../core/store.ts";
import type { KnownDataLoading } from "../http/api/exact-data.ts";
import { type DecisionLinks, openDecisionLinks } from "../http/console/decision-links.ts";
import { type Acceptor, openAcceptor, type WakeUp } from "../intake/acceptor.ts";
import { openSubscriptions, type Subscriptions } from "../intake/subscriptions.ts";
import type { WorkerDependencies } from "../intake/worker.ts";
import { composeNotice } from "../notify/compose.ts";
import { builtInTemplates, readTemplates } from "../notify/templates.ts";
import type { Inspector } from "../pipeline/inspection.ts";
import { effectiveSettings } from "../policy/settings.ts";
import type { QuarantineDependencies } from "../quarantine/decide.ts";
import { openQueues } from "../queue/queues.ts";
import { openDatabase } from "../store/database.ts";
import { openBlobStore, openStore } from "../store/store.ts";
import { openSealer } from "../vault/sealer.ts";
import { openVault } from "../vault/vault.ts";
import type { Config } from "./config.ts";
import { openConnector } from "./connectors.ts";
import { type ConsentStates, openConsentStates } from "./consent-state.ts";
import { decideUrl } from "./decide-url.ts";
import { readEvidenceKey } from "./evidence-key.ts";
import { type Exporting, openExporting } from "./export.ts";
import { openMessageInspector } from "./inspector.ts";
import { withKnownData } from "./known-data.ts";
import { openKnownDataLoading } from "./known-data-loading.ts";
import { type MetricsPage, openMetrics } from "./metrics.ts";
import { openPolicies, type Policies } from "./policies.ts";
import { deriveKey, readSecret } from "./secret.ts";
import { openTenantRegistry, type TenantRegistry } from "./tenant-registry.ts";
import { openTenantSealing, type TenantSealing } from "./tenant-sealing.ts";

/** The parts of the service, opened and connected, before any of them has begun to work. */
export interface Assembly {
  readonly store: Store;
  readonly vault: Vault;
  readonly queues: { readonly scans: Queue<WakeUp>; readonly syncs: Queue<WakeUp>; readonly acts: Queue<WakeUp> };
  readonly pingQueues: () => Promise<void>;
  readonly acceptor: Acceptor;
  readonly subscriptions: Subscriptions;
  readonly policies: Policies;
  readonly tenants: TenantRegistry;
  readonly sealing: TenantSealing;
  readonly inspector: Inspector;
  readonly knownDataLoading: KnownDataLoading;
  readonly worker: WorkerDependencies;
  readonly quarantine: QuarantineDependencies;
  readonly exporting: Exporting;
  readonly metricsPage: MetricsPage;
  readonly fingerprintKey: (tenantId: string) => Uint8Array;
  readonly decisionLinks: DecisionLinks;
  readonly consentStates: ConsentStates;
  /** Where providers and mail links reach this installation. */
  readonly publicUrl: () => string;
  /** The listener's own address, for installations that did not configure another one. */
  readonly listensAt: (url: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  close(): Promise<void>;
}

export async function assemble(config: Config, logger: Pino): Promise<Assembly> {
  const clock: Clock = { now: () => new Date(Date.now() + config.POSTERN_TEST_CLOCK_OFFSET_MS) };
  const leaseMs = config.POSTERN_LEASE_SECONDS * 1_000;
  const secret = readSecret(config);
  const database = await openDatabase({
    dataDir: join(config.POSTERN_DATA_DIR, "db"),
    ...(config.DATABASE_URL === undefined ? {} : { databaseUrl: config.DATABASE_URL }),
  });
  const store = openStore(database);
  if (database.kind === "pglite") {
    // This process is alone: what is leased was leased by one that is dead.
    await store.inbox.releaseAll();
    await store.actions.releaseAll();
    await store.leases.releaseAll();
    await store.backfills.releaseAll();
  }
  const allQueues = await openQueues(config.REDIS_URL === undefined ? {} : { redisUrl: config.REDIS_URL }, database);
  const queues = {
    scans: await allQueues.open<WakeUp>("scan"),
    syncs: await allQueues.open<WakeUp>("sync"),
    acts: await allQueues.open<WakeUp>("act"),
  };
  const metricsPage = openMetrics(async () => ({ ...(await store.inbox.ledger({})) }));
  const { metrics } = metricsPage;
  const vault = openVault(openBlobStore(database), deriveKey(secret, "vault"));
  const sealing = openTenantSealing(openSealer(deriveKey(secret, "settings")));
  const policies = openPolicies(store, clock, logger);
  const acceptor = openAcceptor({ inbox: store.inbox, scans: queues.scans, syncs: queues.syncs, clock, logger });
  const tenants = openTenantRegistry({
    store,
    policy: policies.current,
    openConnector: (id, settings, lookup) => openConnector(id, settings, lookup, config, { clock, logger, metrics }),
    unseal: sealing.open,
    clock,
    logger,
  });
  let listener = `http://${config.HOST}:${config.PORT}`;
  const publicUrl = (): string => config.POSTERN_PUBLIC_URL ?? listener;
  const subscriptions = openSubscriptions({
    watches: store.watches,
    acceptor,
    events: store.events,
    publicUrl,
    clock,
    logger,
    health: tenants.health,
  });
  const evidenceFile = config.POSTERN_EVIDENCE_KEY_FILE;
  const evidenceKey = evidenceFile === undefined ? undefined : await readEvidenceKey(evidenceFile);
  const knownDataKey = deriveKey(secret, "exact-data");
  const inspector = withKnownData(openMessageInspector(config, { logger, metrics }), {
    knownData: store.knownData,
    key: knownDataKey,
  });
  const knownDataLoading = openKnownDataLoading({
    knownData: store.knownData,
    clock,
    keys: { exactData: knownDataKey, fingerprints: deriveKey(secret, "document-fingerprints") },
  });
  const fingerprintKey = (tenantId: string): Uint8Array => deriveKey(secret, `fingerprint/${tenantId}`);
  const templates =
    config.POSTERN_NOTICES_DIR === undefined ? builtInTemplates : readTemplates(config.POSTERN_NOTICES_DIR);
  const { POSTERN_SMTP_URL: smtp, POSTERN_SMTP_FROM: from } = config;
  const noticeServer =
    smtp === undefined || from === undefined ? undefined : openNoticeServer({ url: smtp, from }, clock);
  const noticeMark = deriveKey(secret, "notice-mark");
  const decisionLinks = openDecisionLinks(deriveKey(secret, "decision-links"), clock);
  const consentStates = openConsentStates(deriveKey(secret, "consent-state"), store.leases, clock);
  const connectorFor = async (id: string) => (await tenants.get(id))?.connector;
  const worker: WorkerDependencies = {
    inbox: store.inbox,
    acts: queues.acts,
    acceptor,
    scan: {
      messages: store.messages,
      vault,
      noticesBySmtp: noticeServer !== undefined,
      inspector,
      policy: policies.current,
      tenant: tenants.get,
      keys: { fingerprint: fingerprintKey, noticeMark },
      ...(evidenceKey ? { evidenceKey } : {}),
      ruleGuards: store.ruleGuards,
      clock,
      logger,
      metrics,
    },
    act: {
      actions: store.actions,
      messages: store.messages,
      connectorFor,
      ...(noticeServer ? { noticeServer } : {}),
      composeNotice: (record, action) =>
        composeNotice(record, action, {
          markKey: noticeMark,
          publicUrl: publicUrl(),
          policy: async () => (await policies.current()).policy,
          serviceMailbox: async (id) => from ?? (await tenants.get(id))?.tenant.serviceMailbox ?? null,
          languageOf: async (id, address) => (await tenants.directory(id)).resolve(address)?.language,
          digestAfter: async (sender) =>
            effectiveSettings((await policies.current()).policy, sender)["notify.digest-after"],
          notices: store.notices,
          messages: store.messages,
          decideUrl: (record, person) => decideUrl(record, person, { store, tenants, decisionLinks, publicUrl }),
          templates,
          clock,
        }),
      leaseMs,
      clock,
      logger,
      metrics,
    },
    catchUp: { syncs: store.syncs, events: store.events, leases: store.leases, acceptor, clock, logger },
    health: tenants.health,
    leaseMs,
    clock,
    logger,
    metrics,
  };
  const quarantine: QuarantineDependencies = {
    quarantine: store.quarantine,
    actions: store.actions,
    vault,
    policy: async () => (await policies.current()).policy,
    directory: tenants.directory,
    wake: (id) => queues.acts.add({ id }, { priority: "live" }).catch(() => undefined),
    clock,
  };
  const exporting = openExporting(config, {
    store,
    sealer: openSealer(deriveKey(secret, "export")),
    hashKey: deriveKey(secret, "export-hash"),
    challengeKey: deriveKey(secret, "export-ownership"),
    clock,
    logger,
  });
  return {
    store,
    vault,
    queues,
    pingQueues: () => allQueues.ping(),
    acceptor,
    subscriptions,
    policies,
    tenants,
    sealing,
    inspector,
    knownDataLoading,
    worker,
    quarantine,
    exporting,
    metricsPage,
    fingerprintKey,
    decisionLinks,
    consentStates,
    publicUrl,
    listensAt: (url) => {
      listener = url;
    },
    clock,
    logger,
    async close() {
      tenants.close();
      await inspector.close();
      await allQueues.close();
      await store.close();
    },
  };
}
