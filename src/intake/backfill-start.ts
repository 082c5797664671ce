import type { Backfill, BackfillStore } from "../core/backfill.ts";
import { PosternError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";
import type { DirectoryStore, TenantStore } from "../core/store.ts";
import type { DirectoryMailbox } from "../core/tenant.ts";
import { readChosenMailboxes } from "./chosen-mailboxes.ts";

export interface BackfillRequest {
  readonly tenant: string;
  readonly since: Date;
  /** Now when absent, and at the latest. */
  readonly until?: Date;
  /** Addresses or aliases; every mailbox under watch when absent. */
  readonly mailboxes?: readonly string[];
  readonly act: boolean;
  readonly again: boolean;
}

export interface BackfillStartDependencies {
  readonly backfills: Pick<BackfillStore, "create">;
  readonly tenants: Pick<TenantStore, "get">;
  readonly directory: Pick<DirectoryStore, "mailboxes" | "groups">;
  readonly clock: Clock;
}

/**
 * Begins a scan of past sent mail; the workers take it up by themselves.
 * @throws PosternError NOT_FOUND, REQUEST_INVALID for a window or a mailbox that is none, CONFLICT when the tenant
 * only observes and is to act, or when none of its mailboxes is known yet.
 */
export async function startBackfill(
  request: BackfillRequest,
  dependencies: BackfillStartDependencies,
): Promise<Backfill> {
  const { backfills, tenants, directory, clock } = dependencies;
  const now = clock.now();
  const { since, act, again } = request;
  const tenant = await tenants.get(request.tenant);
  if (!tenant) throw new PosternError("NOT_FOUND", "there is no such tenant");
  const until = request.until === undefined || request.until > now ? now : request.until;
  if (since >= until) throw new PosternError("REQUEST_INVALID", "since must be before until, and before now");
  if (act && tenant.mode === "observe")
    throw new PosternError("CONFLICT", "the tenant is in observe mode: nothing can be acted on");
  const known = await directory.mailboxes(tenant.id);
  const watched = await readChosenMailboxes(tenant, directory);
  if (watched.length === 0) throw new PosternError("CONFLICT", "no mailbox of the tenant is under watch yet");
  const mailboxes = request.mailboxes === undefined ? watched : chosen(request.mailboxes, watched, known);
  return backfills.create({ tenantId: tenant.id, since, until, act, again }, mailboxes, now);
}

function chosen(
  asked: readonly string[],
  watched: readonly string[],
  known: readonly DirectoryMailbox[],
): readonly string[] {
  const primary = new Map(
    known.flatMap(({ address, aliases }) => [address, ...aliases].map((each) => [each, address])),
  );
  const found = asked.map((each) => primary.get(each.toLowerCase()) ?? "");
  const strange = asked.filter((_, index) => !watched.includes(found[index] ?? ""));
  if (strange.length > 0)
    throw new PosternError("REQUEST_INVALID", `not a mailbox under watch: ${strange.slice(0, 10).join(", ")}`);
  return [...new Set(found)];
}
