import { PosternError } from "../../src/core/errors.ts";
import type { Delivery, Destination, OutBatch } from "../../src/core/export.ts";
import { checkUrl, type NetworkRules } from "./address-guard.ts";
import { type DestinationConf, onlyKnown } from "./conf.ts";
import { deliveryOf, openPoster, type PostAnswer, transportTrouble } from "./http-post.ts";
import { overPlainHttp } from "./plain-http.ts";

/** Elasticsearch advises 5 to 15 MB for one bulk request. */
const MOST_BYTES = 5_000_000;

interface BulkAnswer {
  readonly errors: boolean;
  readonly items: readonly {
    readonly create?: { readonly status: number; readonly error?: { readonly type?: string } };
  }[];
}

/**
 * `elasticsearch://host:9200/index?header_Authorization=ApiKey%20…`: the bulk API. Each record is created under its id,
 * so that a repeat is recognised (409) and stored once. Needs a JSON output type.
 */
export function openElasticsearch(conf: DestinationConf, rules: NetworkRules): Destination {
  onlyKnown(conf, ["plain-http"]);
  const url = overPlainHttp(conf);
  checkUrl(url, rules);
  const index = decodeURIComponent(url.pathname.slice(1));
  if (!/^[^\\/*?"<>| ,#A-Z]+$/.test(index))
    throw new PosternError(
      "REQUEST_INVALID",
      "destination_conf: elasticsearch://host/index needs the name of an index",
    );
  url.pathname = "/_bulk";
  const poster = openPoster(rules);

  async function post(body: string, signal: AbortSignal): Promise<PostAnswer> {
    return await poster.post(url, { "content-type": "application/x-ndjson", ...conf.headers }, body, signal);
  }

  return {
    limits: { bytes: MOST_BYTES },
    async send(batch, signal) {
      if (!batch.json) return { outcome: "refused", reason: "not-json" };
      const lines = batch.records.map(
        ({ id, text }) => `${JSON.stringify({ create: { _index: index, _id: id } })}\n${text.trim()}\n`,
      );
      try {
        const answer = await post(lines.join(""), signal);
        return answer.status === 200 ? judge(batch, JSON.parse(answer.text) as BulkAnswer) : deliveryOf(answer);
      } catch (error) {
        return transportTrouble(error);
      }
    },
    async test(signal) {
      try {
        // An empty bulk is refused as such, after the credential was looked at.
        const answer = await post("\n", signal);
        return answer.status === 400 ? { outcome: "accepted" } : deliveryOf(answer);
      } catch (error) {
        return transportTrouble(error);
      }
    },
    close: () => poster.close(),
  };
}

function judge(batch: OutBatch, answer: BulkAnswer): Delivery {
  if (!answer.errors) return { outcome: "accepted" };
  const rejected: { id: string; reason: string }[] = [];
  for (const [position, record] of batch.records.entries()) {
    const { status = 0, error } = answer.items[position]?.create ?? {};
    if ((status >= 200 && status < 300) || status === 409) continue;
    if (status !== 400) return { outcome: "retry", reason: `item-status-${status}` };
    rejected.push({ id: record.id, reason: error?.type ?? "status-400" });
  }
  return { outcome: "accepted", rejected };
}
