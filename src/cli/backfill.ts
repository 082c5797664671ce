import { setTimeout as pause } from "node:timers/promises";
import type { BackfillCounts, BackfillState } from "../core/backfill.ts";
import { PosternError } from "../core/errors.ts";
import type { ApiClient } from "./api-client.ts";
import type { BackfillBar } from "./backfill-bar.ts";
import type { Print } from "./print.ts";

/** How often the service is asked how far it has come. */
const LOOK_MS = 500;

export interface BackfillOptions {
  /** Id or name; not needed where there is one tenant only. */
  readonly tenant?: string;
  readonly since: Date;
  readonly until?: Date;
  /** All under watch when absent. */
  readonly mailboxes?: readonly string[];
  readonly act: boolean;
  readonly again: boolean;
  readonly wait: boolean;
}

export interface ShownBackfill {
  readonly id: string;
  readonly tenant: string;
  readonly since: string;
  readonly until: string;
  readonly state: BackfillState;
  readonly reason: string | null;
  readonly mailboxes: {
    readonly total: number;
    readonly listed: number;
    readonly done: number;
    readonly failed: number;
  };
  readonly counts: BackfillCounts;
}

/** Begins a scan of past mail and waits for its end. 0 done (or begun, without waiting), 2 cancelled. */
export async function backfillMail(
  { tenant, wait, mailboxes, ...window }: BackfillOptions,
  client: ApiClient,
  bar: BackfillBar,
  out: Print,
  err: Print,
): Promise<0 | 2> {
  const body = { ...window, tenant: await tenantId(tenant, client), ...(mailboxes ? { mailboxes } : {}) };
  const request = { text: JSON.stringify(body), contentType: "application/json" };
  const made = client.expect(await client.call("POST", "/api/v1/backfills", request), 201) as ShownBackfill;
  if (!wait) {
    out(made.id);
    return 0;
  }
  err(`backfill ${made.id}: ${made.mailboxes.total} mailboxes; it goes on when this command is interrupted`);
  return report(await untilEnded(made, client, bar), out, err);
}

/** One line a backfill, newest first. */
export async function listBackfills(client: ApiClient, out: Print): Promise<0> {
  let next: string | null = "";
  while (next !== null) {
    const cursor: string = next === "" ? "" : `?cursor=${encodeURIComponent(next)}`;
    const page = client.expect(await client.call("GET", `/api/v1/backfills${cursor}`), 200) as {
      readonly items: readonly ShownBackfill[];
      readonly next: string | null;
    };
    for (const item of page.items)
      out([item.id, item.tenant, item.state, item.since, item.until, summary(item)].join("\t"));
    next = page.next;
  }
  return 0;
}

/** Pauses, resumes or cancels. */
export async function turnBackfill(
  id: string,
  verb: "pause" | "resume" | "cancel",
  client: ApiClient,
  out: Print,
): Promise<0> {
  const answer = await client.call("POST", `/api/v1/backfills/${encodeURIComponent(id)}/${verb}`);
  const { state } = client.expect(answer, 200) as ShownBackfill;
  out(`${id}: ${state}`);
  return 0;
}

async function tenantId(named: string | undefined, client: ApiClient): Promise<string> {
  const { items } = client.expect(await client.call("GET", "/api/v1/tenants?limit=500"), 200) as {
    readonly items: readonly { readonly id: string; readonly name: string }[];
  };
  const found = named === undefined ? items : items.filter(({ id, name }) => id === named || name === named);
  const [only] = found;
  if (only && found.length === 1) return only.id;
  if (named !== undefined && found.length > 1)
    throw new PosternError("REQUEST_INVALID", `several tenants are called ${named}: use an id (postern tenant list)`);
  // An id may stand beyond the first page: the service knows.
  if (named !== undefined) return named;
  throw new PosternError("REQUEST_INVALID", "--tenant is needed: an id or a name that postern tenant list shows");
}

async function untilEnded(made: ShownBackfill, client: ApiClient, bar: BackfillBar): Promise<ShownBackfill> {
  let latest = made;
  try {
    while (latest.state === "running" || latest.state === "paused") {
      await pause(LOOK_MS);
      const answer = await client.call("GET", `/api/v1/backfills/${made.id}`);
      latest = client.expect(answer, 200) as ShownBackfill;
      bar.show(latest);
    }
    return latest;
  } finally {
    bar.stop();
  }
}

function report(ended: ShownBackfill, out: Print, err: Print): 0 | 2 {
  out(summary(ended));
  const { counts, mailboxes, id } = ended;
  if (counts.failed > 0)
    err(
      `${counts.failed} messages could not be read: GET /api/v1/backfills/${id}/failures; another run tries them again`,
    );
  if (mailboxes.failed > 0)
    err(`${mailboxes.failed} mailboxes could not be read: GET /api/v1/backfills/${id}/mailboxes has the reasons`);
  if (ended.state === "done") return 0;
  err(`the backfill was cancelled${ended.reason === null ? "" : `: ${ended.reason}`}`);
  return 2;
}

function summary({ counts }: ShownBackfill): string {
  const { listed, scanned, already, skipped, failed, findings, incidents } = counts;
  return `${listed} listed, ${scanned} scanned, ${already} already, ${skipped} skipped, ${failed} failed; ${findings} findings, ${incidents} incidents`;
}
