import { expect } from "vitest";
import type { Api, MessageView } from "../support/api.ts";
import { until } from "../support/until.ts";
import { idOf } from "./mail.ts";

/** Machines that build are slow, and several services run side by side. */
export const PATIENCE_MS = 60_000;
/** For making a database, starting the service and connecting a tenant. */
export const START_MS = 240_000;

/** All records of a Message-ID whose actions have ended, as soon as there are `count`. */
export async function finished(api: Api, subject: string, count = 1, withinMs = PATIENCE_MS) {
  return until(
    `${count} finished records of ${subject}`,
    async () => {
      const records = await recordsOf(api, subject);
      return records.length >= count && records.every(isFinished) && records;
    },
    withinMs,
  );
}

/** The one record of a Message-ID. */
export async function finishedOne(api: Api, subject: string, withinMs = PATIENCE_MS): Promise<MessageView> {
  const records = await finished(api, subject, 1, withinMs);
  expect(records.length, `records of ${subject}`).toBe(1);
  return records[0] as MessageView;
}

export function recordsOf(api: Api, subject: string): Promise<readonly MessageView[]> {
  return api.messages(`?limit=500&internetMessageId=${encodeURIComponent(idOf(subject))}`);
}

export function isFinished(record: MessageView): boolean {
  return record.actions.every((action) => action.state !== "planned");
}

/** `kind target state`, sorted, with the reason of what is not done. */
export function actionLines(record: MessageView): readonly string[] {
  return record.actions
    .map(({ kind, target, state, reason }) => `${kind} ${target} ${state}${reason === null ? "" : ` ${reason}`}`)
    .sort();
}

export interface LedgerView {
  readonly accepted: number;
  readonly verdicts: number;
  readonly pending: number;
  readonly dead: number;
  readonly missing: number;
  readonly skipped: number;
}

export async function ledger(api: Api): Promise<LedgerView> {
  const { status, body } = await api.request("GET", "/api/v1/ledger");
  expect(status).toBe(200);
  const view = body as unknown as LedgerView;
  // The promise that holds at every moment.
  expect(view.accepted).toBe(view.verdicts + view.pending + view.dead + view.missing + view.skipped);
  return view;
}

/** Waits until nothing is pending and at least `accepted` items came in. */
export function closedLedger(api: Api, accepted: number, withinMs = PATIENCE_MS): Promise<LedgerView> {
  return until(
    `a closed ledger with ${accepted} items`,
    async () => {
      const view = await ledger(api);
      return view.pending === 0 && view.accepted >= accepted && view;
    },
    withinMs,
  );
}

/** Every record, over all pages. */
export async function allRecords(api: Api): Promise<readonly MessageView[]> {
  const records: MessageView[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await api.request("GET", `/api/v1/messages?limit=500${query}`);
    records.push(...(body.items as readonly MessageView[]));
    cursor = body.next as string | null;
  }
  return records;
}

interface Copy {
  readonly mime: Uint8Array;
}

/** Mails among `copies` that Postern sent, by the subject that they quote (all of them without one). */
export function notices(copies: readonly Copy[], about = ""): readonly string[] {
  return copies
    .map(({ mime }) => new TextDecoder().decode(mime))
    .filter((text) => /^x-postern-notice:/im.test(text) && text.includes(about));
}

export async function connect(api: Api, settings: unknown, policy?: string): Promise<string> {
  if (policy !== undefined) {
    const applied = await api.request("PUT", "/api/v1/policy", policy, "application/yaml");
    expect(applied.status, JSON.stringify(applied.body)).toBe(200);
  }
  const { status, body } = await api.request("POST", "/api/v1/tenants", settings);
  const missing = (body.checks as { ok: boolean }[] | undefined)?.filter((check) => !check.ok);
  expect({ status, state: body.state, missing }).toEqual({ status: 201, state: "active", missing: [] });
  return body.id as string;
}
