/** Behaviours that differ between tenants, clients and years. All can be changed while the sandbox runs. */
export interface Quirks {
  /** Largest page of any list, whatever the client asks for; small values make every list come in pages. */
  maxPageSize: number;
  /** A delta round begins with an empty page that has a nextLink. */
  emptyFirstDeltaPage: boolean;
  /** With immutable ids, an item that left a folder and came back between two delta calls is reported as removed only. */
  deltaLosesMovedBack: boolean;
  /** The copy in Sent Items has the immutable id of its draft. Documented so; clients such as classic Outlook differ. */
  sentKeepsDraftId: boolean;
  /** `$value` gives other bytes each time: one more transport header. Exchange does not keep MIME text byte for byte. */
  unstableMime: boolean;
  /** Longest life of a subscription in minutes. 10,080 as documented in 2026; 4,230 before and in some clouds. */
  maxSubscriptionMinutes: number;
  /** Subscriptions that a mailbox can have, of all applications together. */
  maxSubscriptionsPerMailbox: number;
  /** Requests under way for one mailbox before 429 ApplicationThrottled. */
  maxConcurrentPerMailbox: number;
  /** Requests for one mailbox in ten minutes before 429. */
  maxRequestsPerTenMinutes: number;
  /** Value of Retry-After on a 429 in seconds; null leaves the header out. */
  retryAfterSeconds: number | null;
  /** Time that every mailbox request takes in milliseconds, so that concurrency shows. */
  latencyMs: number;
  /** Time until a recall takes effect in milliseconds. */
  recallDelayMs: number;
  /** The administrator allows recall of messages that were read. */
  recallReadMessages: boolean;
  /** permanentDelete, message trace and remediation exist in this cloud. */
  globalCloud: boolean;
}

export function standardQuirks(): Quirks {
  return {
    maxPageSize: 1000,
    emptyFirstDeltaPage: false,
    deltaLosesMovedBack: true,
    sentKeepsDraftId: false,
    unstableMime: false,
    maxSubscriptionMinutes: 10_080,
    maxSubscriptionsPerMailbox: 1000,
    maxConcurrentPerMailbox: 4,
    maxRequestsPerTenMinutes: 10_000,
    retryAfterSeconds: 1,
    latencyMs: 0,
    recallDelayMs: 0,
    recallReadMessages: true,
    globalCloud: true,
  };
}
