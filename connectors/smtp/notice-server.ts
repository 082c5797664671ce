import type { ActionOutcome, PlannedAction } from "../../src/core/action.ts";
import type { Clock } from "../../src/core/ports.ts";
import { ownMessageId, writeOwnMail } from "../own-mail/own-mail.ts";
import { handOver, type Server } from "./hand-over.ts";

export interface NoticeServerSettings {
  /** `smtps://user:password@host:465`, or `smtp://…` with STARTTLS, which only loopback addresses may do without. */
  readonly url: string;
  /** Address that notices come from. */
  readonly from: string;
}

/** Sends notices by SMTP (RFC 5321). */
export interface NoticeServer {
  /**
   * Sends the notice of an action once. What may have been sent cannot be looked up here, so it ends as
   * `outcome-unknown` and is not sent again.
   * @throws PosternError for trouble that a later attempt may cure.
   */
  send(action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome>;
}

export function openNoticeServer({ url, from }: NoticeServerSettings, clock: Clock): NoticeServer {
  const server = serverOf(new URL(url));
  /** Actions whose last attempt certainly sent nothing: the next one repeats nothing. */
  const refused = new Set<string>();

  return {
    async send({ id, notice, attempts }, signal) {
      if (notice === undefined) return { state: "failed", reason: "no-notice" };
      if (attempts > 0 && !refused.has(id)) return { state: "failed", reason: "outcome-unknown" };
      refused.delete(id);
      const mime = await writeOwnMail({ ...notice, from, messageId: ownMessageId(id, from), date: clock.now() });
      const outcome = await handOver(server, { from, to: notice.to }, mime, signal);
      if (outcome === "taken") return { state: "done", reason: null };
      if (outcome === "unknown") return { state: "failed", reason: "outcome-unknown" };
      refused.add(id);
      throw outcome;
    },
  };
}

function serverOf({ protocol, hostname, port, username, password }: URL): Server {
  const secure = protocol === "smtps:";
  const host = hostname.replace(/^\[|\]$/g, "");
  return {
    host,
    port: port === "" ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !isLoopback(host),
    credentials:
      username === "" ? undefined : { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
  };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
