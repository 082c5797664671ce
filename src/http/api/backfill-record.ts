import { z } from "zod";
import type { Backfill, BackfillFailure, BackfillMailbox } from "../../core/backfill.ts";

const timestamp = z.iso.datetime();
const number = z.number().int();

export const backfillState = z.enum(["running", "paused", "done", "cancelled"]);

const countsSchema = z
  .object({
    listed: number.describe("messages found so far"),
    scanned: number.describe("have a record that this backfill made"),
    already: number.describe("had their record before"),
    skipped: number.describe("own notices, drafts, gone meanwhile"),
    failed: number.describe("could not be read; a later backfill tries them again"),
    findings: number.describe("in the records that were made, one a detector and part"),
    incidents: number.describe("records that were made with a verdict stricter than allow"),
  })
  .describe("listed = scanned + already + skipped + failed + those that wait");

export const backfillSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  since: timestamp,
  until: timestamp,
  act: z.boolean(),
  again: z.boolean(),
  state: backfillState,
  reason: z.string().nullable().describe("why it was cancelled when no person did it"),
  createdAt: timestamp,
  endedAt: timestamp.nullable(),
  mailboxes: z.object({
    total: number,
    listed: number.describe("read to the end of the window"),
    done: number,
    failed: number.describe("could not be read"),
  }),
  counts: countsSchema,
});

export function showBackfill(backfill: Backfill): z.input<typeof backfillSchema> {
  const { tenantId, since, until, createdAt, endedAt, mailboxes, counts, ...rest } = backfill;
  return {
    ...rest,
    tenant: tenantId,
    since: since.toISOString(),
    until: until.toISOString(),
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    mailboxes: { ...mailboxes },
    counts: { ...counts },
  };
}

export const backfillMailboxSchema = z.object({
  mailbox: z.string(),
  state: z.enum(["open", "done", "failed"]),
  reason: z.string().nullable().describe("why it waits or failed"),
  listedTo: timestamp.describe("what was sent before it is listed"),
  counts: countsSchema,
});

export function showBackfillMailbox(mailbox: BackfillMailbox): z.input<typeof backfillMailboxSchema> {
  return { ...mailbox, listedTo: mailbox.listedTo.toISOString(), counts: { ...mailbox.counts } };
}

export const backfillFailureSchema = z.object({
  mailbox: z.string(),
  providerMessageId: z.string(),
  reason: z.string(),
  at: timestamp,
});

export function showBackfillFailure(failure: BackfillFailure): z.input<typeof backfillFailureSchema> {
  const { messageId, at, ...rest } = failure;
  return { ...rest, providerMessageId: messageId, at: at.toISOString() };
}
