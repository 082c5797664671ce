import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { openDestination } from "../connectors/destinations/open.ts";
import { startExporter } from "../src/export/exporter.ts";
import { newJobSchema } from "../src/export/job-settings.ts";
import { openDatabase } from "../src/store/database.ts";
import { openStore } from "../src/store/store.ts";
import { makeCertificate } from "../test/support/certificate.ts";
import { startPostgres } from "../test/support/servers.ts";
import { startHttpSink } from "../test/support/sinks.ts";

/**
 * Live lag: from the commit of an event to its arrival at a healthy https receiver, with a job's default batches.
 * `npx tsx bench/export-lag.ts [events] [a second]` (default 600 at 20). Needs PostgreSQL.
 */
const EVENTS = Number(process.argv[2] ?? 600);
const A_SECOND = Number(process.argv[3] ?? 20);

const server = await startPostgres();
const database = await openDatabase({ databaseUrl: server.url, dataDir: "." });
const certificate = makeCertificate();
const arrived = new Map<string, number>();
const sink = await startHttpSink(({ body }) => {
  for (const line of body.trim().split("\n"))
    arrived.set((JSON.parse(line) as { readonly EventID: string }).EventID, performance.now());
  return { status: 200 };
}, certificate);
const store = openStore(database);
const defaults = newJobSchema.parse({ name: "lag", dataset: "audit_logs", destination_conf: sink.url });
await store.exports.createJob(
  {
    id: randomUUID(),
    name: defaults.name,
    dataset: defaults.dataset,
    enabled: true,
    tenantId: null,
    settings: {
      output: defaults.output_options,
      filter: null,
      maxUploadBytes: defaults.max_upload_bytes,
      maxUploadRecords: defaults.max_upload_records,
      maxUploadIntervalSeconds: defaults.max_upload_interval_seconds,
    },
    sealedDestination: defaults.destination_conf,
    shownDestination: defaults.destination_conf,
  },
  new Date(),
);
const exporter = startExporter({
  exports: store.exports,
  events: store.events,
  leases: store.leases,
  leaseMs: 30_000,
  openDestination: (job) =>
    openDestination(job.sealedDestination, {
      network: { allowPrivate: true, extraPorts: [], ca: certificate.cert },
      folder: ".",
    }),
  version: "bench",
  hashKey: new Uint8Array(32),
  clock: { now: () => new Date() },
  logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
});
try {
  const written = new Map<string, number>();
  for (let n = 0; n < EVENTS; n++) {
    const { id } = await store.events.append(
      "bench",
      "audit",
      { change: "policy-applied", by: "bench", n },
      new Date(),
    );
    written.set(id, performance.now());
    await pause(1_000 / A_SECOND);
  }
  while (arrived.size < EVENTS) await pause(50);
  const lags = [...written].map(([id, at]) => (arrived.get(id) ?? 0) - at).sort((a, b) => a - b);
  const share = (part: number): number => Math.round(lags[Math.min(EVENTS - 1, Math.floor(EVENTS * part))] ?? 0);
  process.stdout.write(
    `${EVENTS} events at ${A_SECOND} a second: median ${share(0.5)} ms, p95 ${share(0.95)} ms, most ${share(1)} ms\n`,
  );
} finally {
  await exporter.stop();
  await sink.close();
  await database.close();
  await server.stop();
}
