import { sql } from "kysely";
import type { PastScan, Stage } from "../core/message.ts";
import type { Queries } from "./driver.ts";

type Past = PastScan & { readonly policyRevision: string };

/** Which record of a mail leaves nothing to do, for a statement over `messages`; see `MessageStore.isKnown`. */
export function settles(past: Past | undefined) {
  const unasked = sql`exists (
    select from postern.actions where actions.message_id = messages.id and actions.reason = 'not-asked')`;
  const acts = past?.act !== false;
  if (!past?.again) return acts ? sql<boolean>`not ${unasked}` : sql<boolean>`true`;
  const held = sql`exists (
    select from postern.quarantine_items as items where items.message_id = messages.id and items.state = 'held')`;
  const decided = sql`policy_revision = ${past.policyRevision}`;
  return acts ? sql<boolean>`(${held} or (${decided} and not ${unasked}))` : sql<boolean>`(${held} or ${decided})`;
}

/** Whether one of the records of the mail, under its identity or one made by `besides`, settles it. */
export async function isSettled(
  trx: Queries,
  mail: { readonly tenantId: string; readonly mailbox: string; readonly stage: Stage; readonly identity: string },
  past: Past | undefined,
): Promise<boolean> {
  const row = await trx
    .selectFrom("messages")
    .select("id")
    .where("tenant_id", "=", mail.tenantId)
    .where("mailbox", "=", mail.mailbox)
    .where("stage", "=", mail.stage)
    .where(ofMail(mail.identity))
    .where(settles(past))
    .executeTakeFirst();
  return row !== undefined;
}

/** What a further record of a mail is kept under: one for each revision, and one more that was to be acted on. */
export function besides(identity: string, policyRevision: string, past: Past | undefined): string {
  return `${identity}.${policyRevision}${past?.act === false ? "" : ".act"}`;
}

/** All records of a mail within its mailbox and stage. */
export function ofMail(identity: string) {
  return sql<boolean>`(identity = ${identity} or identity like ${`${identity}.%`})`;
}
