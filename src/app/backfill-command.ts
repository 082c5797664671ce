import { backfillMail, listBackfills, turnBackfill } from "../cli/backfill.ts";
import { openBackfillBar } from "../cli/backfill-bar.ts";
import { pointInTime } from "../cli/time.ts";
import { PosternError } from "../core/errors.ts";
import type { BackfillFlags } from "./backfill-flags.ts";
import { errorLine, outputLine } from "./command-line.ts";
import { serviceClient } from "./service-client.ts";

export function begin(flags: BackfillFlags): Promise<0 | 2> {
  if (flags.since === undefined) throw new PosternError("REQUEST_INVALID", "--since is needed: 2026-11-30 or 90d");
  const now = new Date();
  const options = {
    since: pointInTime(flags.since, now),
    ...(flags.until === undefined ? {} : { until: pointInTime(flags.until, now) }),
    ...(flags.tenant === undefined ? {} : { tenant: flags.tenant }),
    ...(flags.mailbox === undefined ? {} : { mailboxes: flags.mailbox }),
    act: flags.act === true,
    again: flags.again === true,
    wait: flags.wait,
  };
  return backfillMail(options, serviceClient(), openBackfillBar(), outputLine, errorLine);
}

export function list(): Promise<0> {
  return listBackfills(serviceClient(), outputLine);
}

export function turn(id: string, verb: "pause" | "resume" | "cancel"): Promise<0> {
  return turnBackfill(id, verb, serviceClient(), outputLine);
}
