import { randomUUID } from "node:crypto";
import { compileFilter, type Predicate } from "./filter.ts";
import { badRequest, GraphError } from "./graph-error.ts";
import { type Change, type ChangeKind, folderOf, itemsIn, type Mailbox } from "./mailbox.ts";
import { graphTime, headJson } from "./message-json.ts";
import type { Notifier } from "./notifier.ts";
import { segmentsOf } from "./paths.ts";
import { mailboxOf, type Tenant } from "./tenant.ts";

export interface Subscription {
  readonly id: string;
  readonly applicationId: string;
  readonly changeTypes: ReadonlySet<string>;
  notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  readonly resource: string;
  readonly clientState: string | null;
  expiresAt: Date;
  /** The id format of its notifications; it cannot be switched later. */
  readonly immutable: boolean;
  readonly mailbox: Mailbox;
  /** Null: the whole mailbox. */
  readonly folderId: string | null;
  readonly filter: Predicate | null;
  /** With a filter: keys of the items that pass it now. */
  readonly passing: Set<string>;
}

export type LifecycleEvent = "missed" | "subscriptionRemoved" | "reauthorizationRequired";

/** All subscriptions of a tenant. */
export interface Subscriptions {
  readonly all: ReadonlyMap<string, Subscription>;
  of(mailbox: Mailbox): readonly Subscription[];
  add(subscription: Subscription): void;
  remove(subscription: Subscription): void;
}

export function createSubscriptions(): Subscriptions {
  const all = new Map<string, Subscription>();
  const byMailbox = new Map<Mailbox, Set<Subscription>>();
  return {
    all,
    of: (mailbox) => [...(byMailbox.get(mailbox) ?? [])],
    add: (subscription) => {
      all.set(subscription.id, subscription);
      const { mailbox } = subscription;
      byMailbox.set(mailbox, (byMailbox.get(mailbox) ?? new Set()).add(subscription));
    },
    remove: (subscription) => {
      all.delete(subscription.id);
      byMailbox.get(subscription.mailbox)?.delete(subscription);
    },
  };
}

/** Graph names the kinds of changes differently from the store. */
const changeTypeOf: Readonly<Record<ChangeKind, string>> = { entered: "created", updated: "updated", left: "deleted" };

/** What `resource` points to. @throws GraphError 400 when it is nothing that mail can be watched at. */
export function readResource(
  tenant: Tenant,
  resource: string,
): { readonly mailbox: Mailbox; readonly folderId: string | null; readonly filter: Predicate | null } {
  const [path = "", query = ""] = resource.split("?");
  const [users = "", user = "", ...rest] = segmentsOf(path);
  const words = rest.map((segment) => segment.toLowerCase());
  const whole = words.length === 1 && words[0] === "messages";
  const folder = words.length === 3 && words[0] === "mailfolders" && words[2] === "messages";
  if (users.toLowerCase() !== "users" || user === "" || (!whole && !folder)) {
    throw badRequest(`Resource '${resource}' is not supported for change notifications.`, "InvalidRequest");
  }
  const mailbox = mailboxOf(tenant, user);
  const filter = new URLSearchParams(query).get("$filter");
  return {
    mailbox,
    folderId: folder ? folderOf(mailbox, rest[1] ?? "").id : null,
    filter: filter === null ? null : compileFilter(filter),
  };
}

/** Tells every subscription that watches the place of a change. */
export function announce(
  tenant: Tenant,
  subscriptions: Subscriptions,
  notifier: Notifier,
  mailbox: Mailbox,
  change: Change,
): void {
  for (const subscription of subscriptions.of(mailbox)) {
    if (subscription.expiresAt <= tenant.now()) {
      subscriptions.remove(subscription);
      continue;
    }
    if (subscription.folderId !== null && subscription.folderId !== change.folderId) continue;
    const changeType = subscription.filter ? filteredType(subscription, change) : changeTypeOf[change.kind];
    if (changeType === null || !subscription.changeTypes.has(changeType)) continue;
    notifier.enqueue(subscription.notificationUrl, notificationOf(tenant, subscription, change, changeType));
  }
}

/** Notes which items pass a new subscription's filter already, so that only later ones are "created". */
export function primeFilter({ mailbox, folderId, filter, immutable, passing }: Subscription): void {
  if (filter === null) return;
  const items = folderId === null ? [...mailbox.items.values()] : itemsIn(mailbox, folderId);
  const present = items.filter((item) => filter(headJson(mailbox, item, immutable)));
  for (const { key } of present) passing.add(key);
}

/** With a filter, entering it is "created" and leaving it is "deleted". */
function filteredType(subscription: Subscription, change: Change): string | null {
  const { mailbox, passing, filter } = subscription;
  const before = passing.has(change.key);
  const item = mailbox.items.get(change.key);
  const after =
    change.kind !== "left" && item !== undefined && filter?.(headJson(mailbox, item, subscription.immutable)) === true;
  if (after) passing.add(change.key);
  else passing.delete(change.key);
  if (!before && !after) return null;
  if (before && after) return "updated";
  return after ? "created" : "deleted";
}

function notificationOf(
  tenant: Tenant,
  subscription: Subscription,
  change: Change,
  changeType: string,
): object & Record<string, unknown> {
  const id = subscription.immutable ? change.key : change.restId;
  const resource = `Users/${subscription.mailbox.ownerId}/Messages/${id}`;
  const etag = subscription.mailbox.items.get(change.key)?.changeKey ?? "";
  return {
    ...envelope(tenant, subscription),
    changeType,
    resource,
    resourceData: {
      "@odata.type": "#Microsoft.Graph.Message",
      "@odata.id": resource,
      "@odata.etag": `W/"${etag}"`,
      id,
    },
  };
}

/** Sends a lifecycle notification; without a lifecycle address there is nowhere to send it. */
export function announceLifecycle(
  tenant: Tenant,
  notifier: Notifier,
  subscription: Subscription,
  event: LifecycleEvent,
): void {
  if (subscription.lifecycleNotificationUrl === null) return;
  notifier.enqueue(subscription.lifecycleNotificationUrl, {
    ...envelope(tenant, subscription),
    resource: subscription.resource,
    lifecycleEvent: event,
  });
}

function envelope(tenant: Tenant, subscription: Subscription): Record<string, unknown> {
  return {
    id: randomUUID(),
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: graphTime(subscription.expiresAt),
    clientState: subscription.clientState,
    tenantId: tenant.id,
  };
}

/** Time that a client has to answer the validation request, in milliseconds. */
const validationTimeoutMs = 10_000;

/**
 * The validation handshake: the client must answer 200 text/plain with the decoded token and nothing else.
 * @throws GraphError 400 ValidationError
 */
export async function validateEndpoint(url: string): Promise<void> {
  const address = new URL(url);
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()} <&>`;
  // Appended to whatever query the client's address has; percent-encoded, with %20 as Graph does.
  address.search += `${address.search === "" ? "?" : "&"}validationToken=${encodeURIComponent(token)}`;
  let answer: { readonly status: number; readonly type: string; readonly body: string };
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "text/plain; charset=utf-8" },
      signal: AbortSignal.timeout(validationTimeoutMs),
    });
    const type = response.headers.get("content-type") ?? "";
    answer = { status: response.status, type, body: await response.text() };
  } catch {
    throw new GraphError(400, "ValidationError", "Subscription validation request timed out or could not be sent.");
  }
  if (answer.status !== 200 || !/^text\/plain\b/i.test(answer.type) || answer.body !== token) {
    throw new GraphError(
      400,
      "ValidationError",
      `Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request; it answered ${answer.status}.`,
    );
  }
}

/** The sandbox never talks to anything but this machine. */
export function requireLoopback(url: string): void {
  let host: string;
  try {
    host = new URL(url).hostname;
  } catch {
    throw badRequest("notificationUrl is not an absolute address.", "InvalidRequest");
  }
  if (host !== "localhost" && host !== "[::1]" && !/^127\./.test(host)) {
    throw new GraphError(400, "ValidationError", "The sandbox notifies loopback addresses only.");
  }
}
