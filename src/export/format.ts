import type { EventRecord } from "../core/records.ts";

/** What every format is told besides the event. */
export interface FormatContext {
  /** Version of Postern, for the product's fields. */
  readonly version: string;
  /** Set for what a backfill sends. */
  readonly run?: string;
}

/** One record of a format: its text without line break, JSON text for JSON formats. */
export interface Formatted {
  /** Added to the event's id where an event gives more than one record. */
  readonly suffix?: string;
  readonly text: string;
}

export type Format = (event: EventRecord, context: FormatContext) => readonly Formatted[];

/** How a backfill marks its records, in every format. */
export function backfillMark(run: string): { readonly run_id: string; readonly backfill: true } {
  return { run_id: run, backfill: true };
}
