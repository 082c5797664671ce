import type { MessageRef } from "../../src/core/message.ts";
import type { Clock, Logger, MailConnector, Metrics } from "../../src/core/ports.ts";
import type { DirectoryMailbox, GoogleTenantSettings } from "../../src/core/tenant.ts";
import { performAction, possibleActions } from "./actions.ts";
import type { KnownLabels } from "./actions-label.ts";
import { guardMailboxes, type Purpose, watchedMailboxes } from "./allowed-mailboxes.ts";
import { openSigner } from "./assertions.ts";
import { readChanges } from "./changes.ts";
import { runChecks } from "./checks.ts";
import { openClient } from "./client.ts";
import { openTokens } from "./credentials.ts";
import { readDirectory } from "./directory.ts";
import { openDirectoryApi } from "./directory-api.ts";
import { openDirectoryComparison } from "./directory-changes.ts";
import type { WaitingDrafts } from "./draft-history.ts";
import { type EndpointOverrides, resolveEndpoints } from "./endpoints.ts";
import { fetchMessage } from "./fetch.ts";
import { openMailbox } from "./gmail-mailbox.ts";
import type { QuietCursors } from "./history.ts";
import { sentWithin } from "./list.ts";
import { probeMailbox } from "./probe-mailbox.ts";
import { setUpProbes } from "./probes.ts";
import { subscriptionName, topicName } from "./pubsub-names.ts";
import { probeSubscription, pullHints } from "./pull.ts";
import { openSubscription } from "./subscription.ts";
import { testMailRoute } from "./test-mail.ts";
import { openThrottle, THROTTLE_DEFAULTS } from "./throttle.ts";
import { chosenUnits } from "./units.ts";
import { unwatchMailbox, watchMailbox } from "./watch.ts";

export interface ConnectorContext {
  /** Postern's id of the tenant. */
  readonly tenantId: string;
  readonly endpoints: EndpointOverrides;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** A mailbox of the tenant's directory by primary address or alias. */
  readonly lookup: (address: string) => Promise<DirectoryMailbox | undefined>;
}

/**
 * Gmail for one customer. Makes no request until it is asked for something.
 * @throws PosternError CONFIG_INVALID for an address that is neither https nor on loopback.
 */
export function openGoogleConnector(
  settings: GoogleTenantSettings,
  context: ConnectorContext,
): MailConnector & { close(): void } {
  const { tenantId, clock, logger, metrics, lookup } = context;
  const endpoints = resolveEndpoints(context.endpoints);
  const topic = topicName(settings.pubsub);
  const isWatched = watchedMailboxes(settings, lookup);
  const comparison = openDirectoryComparison();
  const closing = new AbortController();
  const knownLabels: KnownLabels = new Map();
  const quiet: QuietCursors = new Map();
  const drafts: WaitingDrafts = new Map();

  const tokens = openTokens({
    signer: openSigner(settings.credential, endpoints.iamUrl),
    tokenUrl: endpoints.tokenUrl,
    guard: guardMailboxes(settings, lookup),
    // Not the context's clock, which tests and demos may move: Google compares with its own.
    clock: { now: () => new Date() },
  });
  const { wait, random } = THROTTLE_DEFAULTS;
  const throttle = openThrottle();
  const client = openClient({ endpoints, tokens, throttle, logger, metrics, wait, random });
  const subscription = openSubscription({ client, topic, name: subscriptionName(settings.pubsub), logger });

  const until = (signal: AbortSignal) => AbortSignal.any([signal, closing.signal]);
  const enter = (mailbox: string, purpose: Purpose, signal: AbortSignal) =>
    openMailbox(client, mailbox.toLowerCase(), purpose, until(signal));
  const directoryFor = (signal: AbortSignal) => openDirectoryApi(client, settings, until(signal));

  const connector: MailConnector & { close(): void } = {
    provider: "google",
    can: possibleActions,

    async check(mode, signal) {
      const directory = directoryFor(signal);
      const gmail = enter(await probeMailbox(settings, directory, isWatched), "set-up", signal);
      const pullOnce = () => probeSubscription(subscription, until(signal));
      const probes = setUpProbes({
        settings,
        tokens,
        directory,
        gmail,
        topic,
        pullOnce,
        idleDays: () => subscription.idleDays(until(signal)),
        signal: until(signal),
      });
      return await runChecks(probes, mode, until(signal));
    },

    directoryChanges: (cursor, signal) => comparison.changes(directoryFor(signal), cursor),

    directory: (signal) => readDirectory(directoryFor(signal), chosenUnits(settings), logger),

    changes: (request, signal) =>
      readChanges(enter(request.mailbox, "watch", signal), request, {
        tenantId,
        clock,
        quiet,
        drafts,
        wait: (ms) => wait(ms, until(signal)),
      }),

    async *list(mailbox, window, signal) {
      const gmail = enter(mailbox, "watch", signal);
      for (const messageId of await sentWithin(gmail, window))
        yield { provider: "google", tenantId, mailbox, messageId } satisfies MessageRef;
    },

    watch: (request, signal) => watchMailbox(enter(request.mailbox, "watch", signal), request, { topic, clock }),

    unwatch: (mailbox, _watch, signal) => unwatchMailbox(enter(mailbox, "watch", signal)),

    fetch: (ref, signal) => fetchMessage(enter(ref.mailbox, "watch", signal), ref.messageId),

    perform: (action, signal) =>
      performAction(action, {
        settings,
        lookup,
        clock,
        labels: knownLabels,
        open: (mailbox, purpose) => enter(mailbox, purpose, signal),
      }),

    testMail: testMailRoute({
      tenantId,
      mode: settings.mode,
      clock,
      open: (mailbox, signal) => enter(mailbox, "set-up", signal),
    }),

    close: () => closing.abort(),
  };
  if (settings.pubsub.delivery === "push") return connector;
  return {
    ...connector,
    pull: (signal) => pullHints({ subscription, isWatched, metrics, wait }, until(signal)),
  };
}
