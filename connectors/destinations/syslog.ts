import { hostname } from "node:os";
import { connect, type TLSSocket } from "node:tls";
import { PosternError } from "../../src/core/errors.ts";
import type { Delivery, Destination, OutRecord } from "../../src/core/export.ts";
import { checkUrl, guardedLookup, type NetworkRules } from "./address-guard.ts";
import { type DestinationConf, one, onlyKnown } from "./conf.ts";
import { SEND_TIMEOUT_MS, transportTrouble } from "./http-post.ts";

const DEFAULT_PORT = 6514;
/** RFC 5424 6.2.1: log audit. */
const DEFAULT_FACILITY = 13;
/** Only printable US-ASCII may stand in a header field. */
const HOST =
  hostname()
    .replaceAll(/[^\x21-\x7e]/g, "")
    .slice(0, 255) || "-";

/**
 * `syslog+tls://host[:6514]?facility=13`: RFC 5424 messages over TLS with octet counting (RFC 5425). Syslog knows no
 * acknowledgement: a batch has a connection of its own and counts as delivered when the receiver closed it in order
 * after the last message.
 */
export function openSyslog(conf: DestinationConf, rules: NetworkRules): Destination {
  onlyKnown(conf, ["facility"]);
  const url = new URL(conf.url);
  if (url.port === "") url.port = String(DEFAULT_PORT);
  checkUrl(url, rules);
  const facility = Number(one(conf, "facility") ?? DEFAULT_FACILITY);
  if (!Number.isInteger(facility) || facility < 0 || facility > 23)
    throw new PosternError("REQUEST_INVALID", "destination_conf: facility is a number from 0 to 23");
  const host = url.hostname.replace(/^\[|\]$/g, "");

  async function deliver(frames: Buffer, signal: AbortSignal): Promise<Delivery> {
    try {
      const socket = connect({
        host,
        port: Number(url.port || 443),
        lookup: guardedLookup(rules),
        minVersion: "TLSv1.2",
        ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
        ...(rules.ca === undefined ? {} : { ca: rules.ca }),
      });
      await conversation(socket, frames, AbortSignal.any([signal, AbortSignal.timeout(SEND_TIMEOUT_MS)]));
      return { outcome: "accepted" };
    } catch (error) {
      return transportTrouble(error);
    }
  }

  return {
    limits: {},
    send: (batch, signal) =>
      deliver(Buffer.concat(batch.records.map((record) => syslogFrame(record, facility))), signal),
    test: (signal) => deliver(Buffer.alloc(0), signal),
    close: () => Promise.resolve(),
  };
}

/** One message with its length in front. Line breaks inside would split it at receivers that go by lines. */
export function syslogFrame({ at, severity, text }: OutRecord, facility: number): Buffer {
  const priority = facility * 8 + syslogSeverity(severity);
  const message = text.trimEnd().replaceAll(/[\r\n]+/g, " ");
  const line = Buffer.from(`<${priority}>1 ${at.toISOString()} ${HOST} postern - event - \u{feff}${message}`, "utf8");
  return Buffer.concat([Buffer.from(`${line.length} `, "ascii"), line]);
}

/** 0-3 informational, 4-6 warning, 7-8 error, 9-10 critical. */
function syslogSeverity(severity: number): number {
  if (severity >= 9) return 2;
  if (severity >= 7) return 3;
  return severity >= 4 ? 4 : 6;
}

function conversation(socket: TLSSocket, frames: Buffer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => void socket.destroy(new Error("timeout"));
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    let failure: Error | undefined;
    let greeted = false;
    socket.once("secureConnect", () => {
      greeted = true;
      socket.end(frames);
    });
    socket.once("error", (error) => {
      failure = error;
    });
    // Whatever the receiver says is read away, or its end would never be seen.
    socket.resume();
    socket.once("close", () => {
      signal.removeEventListener("abort", abort);
      if (failure === undefined && greeted && socket.writableFinished) resolve();
      else reject(failure ?? new Error("connection closed"));
    });
  });
}
