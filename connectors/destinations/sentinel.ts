import { PosternError } from "../../src/core/errors.ts";
import type { Delivery, Destination, OutRecord } from "../../src/core/export.ts";
import { checkUrl, type NetworkRules } from "./address-guard.ts";
import { azureHttp, azureTrouble } from "./azure-http.ts";
import { type DestinationConf, one, onlyKnown } from "./conf.ts";
import { ENTRA_PARAMETERS, entraCredential } from "./entra-token.ts";
import { openPoster } from "./http-post.ts";
import { lazy } from "./lazy.ts";

/** The API takes 1 MB a call; the time that is added to each record has to fit too. */
const MOST_BYTES = 800_000;
/** `TimeGenerated` is 45 bytes: so many records stay below the rest. */
const MOST_RECORDS = 4_000;
/** Of Azure Monitor in the public cloud; `audience` names another. */
const AUDIENCE = "https://monitor.azure.com";

/**
 * `sentinel://<ingestion endpoint>/<rule's immutable id>/<stream>?tenant-id=&client-id=&client-secret=`: the Logs Ingestion
 * API of Azure Monitor with the official SDK, which a Microsoft Sentinel workspace reads. The application needs the role
 * Monitoring Metrics Publisher on the data collection rule. Needs a JSON output type; `TimeGenerated` is added.
 */
export function openSentinel(conf: DestinationConf, rules: NetworkRules): Destination {
  onlyKnown(conf, [...ENTRA_PARAMETERS, "audience"]);
  const { url } = conf;
  checkUrl(url, rules);
  const [, rule, stream, ...rest] = url.pathname.split("/").map(decodeURIComponent);
  if (!rule || !stream || rest.length > 0)
    throw new PosternError("REQUEST_INVALID", "destination_conf: sentinel://host/rule-id/stream");
  const entra = entraCredential(conf, rules);
  if (entra === undefined)
    throw new PosternError("REQUEST_INVALID", "destination_conf: sentinel needs tenant-id, client-id, client-secret");
  const audience = one(conf, "audience") ?? AUDIENCE;
  const poster = openPoster(rules);
  const sdk = lazy(async () => {
    const { LogsIngestionClient } = await import("@azure/monitor-ingestion");
    return new LogsIngestionClient(url.origin, entra, {
      httpClient: await azureHttp(poster),
      credentials: { scopes: [`${audience}/.default`] },
      // The exporter repeats.
      retryOptions: { maxRetries: 0 },
    });
  });

  async function upload(logs: Record<string, unknown>[], signal: AbortSignal): Promise<Delivery> {
    try {
      await (await sdk.get()).upload(rule ?? "", stream ?? "", logs, { abortSignal: signal, maxConcurrency: 1 });
      return { outcome: "accepted" };
    } catch (error) {
      const [first] = (error as { readonly errors?: readonly { readonly cause: unknown }[] }).errors ?? [];
      return azureTrouble(first?.cause ?? error, [400, 422]);
    }
  }

  return {
    limits: { bytes: MOST_BYTES, records: MOST_RECORDS },
    send: async (batch, signal) =>
      batch.json ? upload(batch.records.map(logOf), signal) : { outcome: "refused", reason: "not-json" },
    test: (signal) => upload([{ TimeGenerated: new Date().toISOString(), content: "tests" }], signal),
    async close() {
      await Promise.all([poster.close(), entra.close()]);
    },
  };
}

function logOf({ at, text }: OutRecord): Record<string, unknown> {
  return { TimeGenerated: at.toISOString(), ...(JSON.parse(text) as Record<string, unknown>) };
}
