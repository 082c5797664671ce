/** What leaves for a SIEM: data sets, prepared records, and the ports of destinations. */

export const DATASETS = ["email_dlp_findings", "email_dlp_actions", "quarantine_events", "audit_logs"] as const;
export type Dataset = (typeof DATASETS)[number];

/** One event in the form of a job's format. */
export interface OutRecord {
  /** The event's id; the second record of an event (OCSF Email Activity) has a suffix. */
  readonly id: string;
  readonly sequence: number;
  readonly at: Date;
  /** Complete with prefix and suffix (`\n` at the end by default). The same event always gives the same bytes. */
  readonly text: string;
  /** CEF severity 0 to 10, for syslog. */
  readonly severity: number;
}

/** What one upload carries: records of one tenant in sequence order. */
export interface OutBatch {
  /** The same for the same events, whatever the attempt: receivers may recognise a repeat by it. */
  readonly id: string;
  readonly records: readonly OutRecord[];
  readonly prefix: string;
  readonly delimiter: string;
  readonly suffix: string;
  /** Whether each record is one JSON value. */
  readonly json: boolean;
  /** `application/x-ndjson`, `text/csv` or `text/plain`. */
  readonly contentType: string;
  /** Folder of a backfill's files, for instance `backfill/<run>/`; empty for live ones. */
  readonly folder: string;
}

export type Delivery =
  /** Stored. `rejected` names records that the destination will never take; the others are stored. */
  | { readonly outcome: "accepted"; readonly rejected?: readonly { readonly id: string; readonly reason: string }[] }
  /** Not now: throttled, down, unauthorised. `reason` is a code or status, never content. */
  | { readonly outcome: "retry"; readonly reason: string; readonly afterMs?: number }
  | { readonly outcome: "too-large"; readonly reason: string }
  /** The request as it is will never be taken: some record in it is wrong, or the destination's settings are. */
  | { readonly outcome: "refused"; readonly reason: string };

/** Where events go. `send` does not throw: trouble is an outcome. */
export interface Destination {
  /** What one upload may hold, when the destination has such a limit. */
  readonly limits: { readonly bytes?: number; readonly records?: number };
  send(batch: OutBatch, signal: AbortSignal): Promise<Delivery>;
  /** Delivers something that is recognisably no event, to see whether events would arrive. */
  test(signal: AbortSignal): Promise<Delivery>;
  close(): Promise<void>;
}
