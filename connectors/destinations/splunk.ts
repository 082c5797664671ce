import { PosternError } from "../../src/core/errors.ts";
import type { Delivery, Destination, OutBatch } from "../../src/core/export.ts";
import { checkUrl, type NetworkRules } from "./address-guard.ts";
import { bodyOf } from "./body.ts";
import { type DestinationConf, one, onlyKnown } from "./conf.ts";
import { deliveryOf, openPoster, transportTrouble } from "./http-post.ts";
import { overPlainHttp } from "./plain-http.ts";

/** Splunk's default `max_content_length` is 1 MB in Splunk Cloud. */
const MOST_BYTES = 800_000;
const EVENT_PATH = "/services/collector/event";

/**
 * `splunk://host:8088[/services/collector/event|raw]?header_Authorization=Splunk%20…&index=&sourcetype=&source=&channel=`:
 * HTTP Event Collector. `/event` (default) wraps each record with its time; `/raw` sends the batch as it is.
 */
export function openSplunk(conf: DestinationConf, rules: NetworkRules): Destination {
  onlyKnown(conf, ["index", "sourcetype", "source", "channel", "plain-http"]);
  const url = overPlainHttp(conf);
  checkUrl(url, rules);
  if (conf.headers.authorization === undefined)
    throw new PosternError("REQUEST_INVALID", "destination_conf: splunk needs header_Authorization=Splunk%20<token>");
  if (url.pathname === "/") url.pathname = EVENT_PATH;
  const raw = url.pathname.endsWith("/raw");
  const meta = Object.fromEntries(
    (["index", "sourcetype", "source"] as const).flatMap((name) => {
      const value = one(conf, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const channel = one(conf, "channel");
  if (channel !== undefined) url.searchParams.set("channel", channel);
  if (raw) for (const [name, value] of Object.entries(meta)) url.searchParams.set(name, value);
  const poster = openPoster(rules);

  async function post(body: string, signal: AbortSignal): Promise<Delivery> {
    try {
      return deliveryOf(await poster.post(url, { "content-type": "application/json", ...conf.headers }, body, signal));
    } catch (error) {
      return transportTrouble(error);
    }
  }

  const wrapped = (batch: OutBatch): string =>
    batch.records
      .map(({ at, text }) => {
        const event = batch.json ? text.trim() : JSON.stringify(text.trimEnd());
        const head = JSON.stringify({ time: at.getTime() / 1_000, ...meta });
        return `${head.slice(0, -1)},"event":${event}}`;
      })
      .join("\n");

  return {
    limits: { bytes: MOST_BYTES },
    send: (batch, signal) => post(raw ? bodyOf(batch) : wrapped(batch), signal),
    test: (signal) => post(raw ? "postern test\n" : JSON.stringify({ ...meta, event: { content: "tests" } }), signal),
    close: () => poster.close(),
  };
}
