import type { Logger as Pino } from "pino";
import { pushExpectation, readPush } from "../../connectors/google-workspace/receive.ts";
import { openSigningKeys } from "../../connectors/google-workspace/signing-keys.ts";
import { readNotifications } from "../../connectors/microsoft365/receive.ts";
import { builtInDetectors } from "../detect/registry.ts";
import { tryPattern } from "../detect/try-pattern.ts";
import { DEFAULT_SKIP_LIST } from "../detect/views/skip-list.ts";
import { openGuesses } from "../http/console/guesses.ts";
import type { Sessions } from "../http/console/sessions.ts";
import type { ServerDependencies } from "../http/server.ts";
import type { PushTenant } from "../http/webhooks.ts";
import { readChosenMailboxes } from "../intake/chosen-mailboxes.ts";
import { connectTenant } from "../intake/connect.ts";
import { rememberWatches } from "../intake/known-watches.ts";
import { openRefusals } from "../intake/refusals.ts";
import { judge } from "../pipeline/judge.ts";
import { builtInGroups } from "../policy/built-in-groups.ts";
import { policyJsonSchema } from "../policy/schema.ts";
import { release, remove } from "../quarantine/decide.ts";
import type { Assembly } from "./assembly.ts";
import { backfillRoutes } from "./backfills.ts";
import type { Config } from "./config.ts";
import { consentReturned } from "./consent-return.ts";
import { openDoctor } from "./doctor.ts";
import { VOCABULARY } from "./policies.ts";
import { openSimulationJobs } from "./simulation-jobs.ts";
import { VERSION } from "./version.ts";

/** Google's published keys for the tokens of Pub/Sub pushes. */
const GOOGLE_CERTS_URL = "https://www.googleapis.com/oauth2/v3/certs";

/** What the listener needs, taken from the assembled parts. */
export function serverDependencies(
  assembly: Assembly,
  config: Config,
  logger: Pino,
  sessions: Sessions,
  hurry: () => void,
  signal: AbortSignal,
): ServerDependencies {
  const { store, tenants, policies, quarantine, worker } = assembly;
  const doctor = openDoctor({ ...assembly, markKey: worker.scan.keys.noticeMark, config }, signal);
  const directoryReading = { tenants: store.tenants, directory: store.directory, syncs: store.syncs };
  return {
    adminToken: config.POSTERN_ADMIN_TOKEN,
    version: VERSION,
    sessions,
    decisionLinks: assembly.decisionLinks,
    guesses: openGuesses(assembly.clock),
    secureCookies: config.POSTERN_PUBLIC_URL?.startsWith("https:") ?? false,
    serverLogger: logger,
    messages: store.messages,
    events: store.events,
    ...backfillRoutes(assembly),
    ...assembly.exporting.routes(signal),
    inbox: store.inbox,
    quarantine: store.quarantine,
    tenants: store.tenants,
    directory: store.directory,
    watches: store.watches,
    coverage: { ...store, clock: assembly.clock },
    policies,
    policyJsonSchema,
    ...vocabulary(),
    knownData: store.knownData,
    knownDataLoading: assembly.knownDataLoading,
    simulations: openSimulationJobs(
      {
        messages: store.messages,
        simulations: store.simulations,
        policies,
        directory: tenants.directory,
        connectorFor: worker.act.connectorFor,
        inspector: assembly.inspector,
        fingerprintKey: assembly.fingerprintKey,
        clock: assembly.clock,
        logger: assembly.logger,
      },
      signal,
    ),
    now: () => assembly.clock.now(),
    pauses: {
      list: () => store.ruleGuards.pauses(),
      resume: (rule, by) => store.ruleGuards.resume(rule, by, assembly.clock.now()),
    },
    decide: {
      release: (id, decision) => release(id, decision, quarantine),
      remove: (id, decision) => remove(id, decision, quarantine),
    },
    judge: async (mime) => {
      const input = {
        source: "upload",
        bytes: mime,
        name: null,
        as: "message",
        stage: "compose",
        key: assembly.fingerprintKey("upload"),
      } as const;
      return judge(input, await policies.current(), assembly.inspector, signal);
    },
    connect: async (settings) => {
      const tenant = await connectTenant(
        settings,
        {
          tenants: store.tenants,
          directoryReading,
          syncs: store.syncs,
          open: tenants.open,
          abandon: tenants.forget,
          seal: assembly.sealing.seal,
          directoryChanged: tenants.refresh,
          hurry,
          clock: assembly.clock,
          logger: assembly.logger,
        },
        signal,
      );
      return tenant;
    },
    doctor,
    consentReturned: (answer) =>
      consentReturned(answer, {
        states: assembly.consentStates,
        doctor,
        events: store.events,
        hurry,
        now: () => assembly.clock.now(),
      }),
    disconnect: async (id) => {
      const connected = await tenants.get(id);
      // A registration that cannot be ended runs out by itself.
      for (const watch of connected ? await store.watches.list(id) : [])
        await connected?.connector
          .unwatch(watch.mailbox, { id: watch.watchId, expiresAt: watch.expiresAt, created: false }, signal)
          .catch(() => undefined);
      await store.tenants.remove(id);
      tenants.forget(id);
    },
    notifications: {
      watches: rememberWatches(store.watches),
      acceptor: assembly.acceptor,
      metrics: worker.metrics,
      refusals: openRefusals({ events: store.events, clock: assembly.clock, logger: assembly.logger }),
      lookAtWatch: (watch, removed) => {
        assembly.subscriptions.suspect(watch, removed).then(hurry, (error: unknown) => {
          assembly.logger.warn({ err: error }, "a lost registration could not be noted; the next renewal finds it");
        });
      },
    },
    readGraphPush: readNotifications,
    pushTenants: pushTenants(assembly, config),
    isWatched: async (id, mailbox) => {
      const connected = await tenants.get(id);
      return (
        connected !== undefined && (await readChosenMailboxes(connected.tenant, store.directory)).includes(mailbox)
      );
    },
    metrics: worker.metrics,
    dependencies: { database: () => store.ping(), queue: assembly.pingQueues },
    metricsPage: assembly.metricsPage.page,
  };
}

/**
 * Google tenants with push delivery, each with the reader that knows what its tokens must say. Tokens are judged by the
 * true clock, whatever tests do to the one of expiry and schedules.
 */
function pushTenants(assembly: Assembly, config: Config): () => Promise<readonly PushTenant[]> {
  const keys = openSigningKeys({
    certsUrl: config.POSTERN_GOOGLE_CERTS_URL ?? GOOGLE_CERTS_URL,
    clock: assembly.clock,
  });
  return async () => {
    const found: PushTenant[] = [];
    for (const { tenant } of await assembly.tenants.all()) {
      const settings = await assembly.tenants.settings(tenant.id);
      const expected = settings?.provider === "google" ? pushExpectation(settings) : undefined;
      if (expected) found.push({ tenantId: tenant.id, read: (push) => readPush(push, expected, keys) });
    }
    return found;
  };
}

/** What the detection engine brings along, for the views of the policy. */
function vocabulary(): Pick<
  ServerDependencies,
  "builtInDetectors" | "builtInGroups" | "defaultSkipList" | "tryPattern"
> {
  return {
    builtInDetectors: builtInDetectors.map(({ id, description, source, validator, mask, context }) => ({
      id,
      description,
      source,
      validator: validator?.id ?? null,
      mask,
      context,
    })),
    builtInGroups: builtInGroups(VOCABULARY.detectorIds),
    defaultSkipList: DEFAULT_SKIP_LIST,
    tryPattern,
  };
}
