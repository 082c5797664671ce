import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDestination } from "../connectors/destinations/open.ts";
import { outputOptionsSchema } from "../src/export/output-options.ts";
import { openRenderer } from "../src/export/render.ts";
import { openRun } from "../src/export/run.ts";
import { openDatabase } from "../src/store/database.ts";
import { openStore } from "../src/store/store.ts";
import { startPostgres } from "../test/support/servers.ts";

/**
 * Exports stored verdicts again: to one file as `postern export` writes it, and as a backfill to a folder; beside
 * `psql \copy` of the same rows. `npx tsx bench/export.ts [events]` (default 2,000,000). Needs PostgreSQL.
 */
const EVENTS = Number(process.argv[2] ?? 2_000_000);
const TENANT = "bench";
const PSQL = process.env.PSQL ?? "psql";
const FAR = { since: new Date(0), until: new Date("2100-01-01") };

const body = JSON.stringify({
  messageId: "0192f6a0-1111-7222-8333-444455556666",
  provider: "microsoft",
  mailbox: "ann@corp.example",
  providerMessageId: "AAMkADk3",
  internetMessageId: "<1@corp.example>",
  stage: "sent",
  trigger: "notification",
  sender: "ann@corp.example",
  subject: "Offer ************1111",
  verdict: "block",
  status: "complete",
  policyRevision: "9f2c1d5e8a7b6c43",
  recipients: [{ address: "bob@out.example", external: true, verdict: "block", rules: ["cards-out"] }],
  recipientCount: 1,
  findings: [
    {
      detector: "credit-card",
      part: "body",
      count: 1,
      occurrences: 2,
      confidence: "high",
      masked: ["************1111"],
    },
  ],
  findingCount: 1,
  problems: [],
  monitored: [],
});

function begin(): { readonly at: number; readonly cpu: NodeJS.CpuUsage } {
  return { at: performance.now(), cpu: process.cpuUsage() };
}

/** `events/s` is by the clock; `of CPU` by this process's own time, which is what one core would do. */
function report(what: string, { at, cpu }: ReturnType<typeof begin>, bytes: number): void {
  const seconds = (performance.now() - at) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const core = Math.round(EVENTS / ((user + system) / 1e6));
  const memory = Math.round(process.memoryUsage().rss / 1_048_576);
  process.stdout.write(
    `${what}: ${Math.round(EVENTS / seconds)} events/s (${core} of CPU), ${seconds.toFixed(1)} s, ${Math.round(bytes / 1e6)} MB, resident ${memory} MB\n`,
  );
}

const server = await startPostgres();
const folder = mkdtempSync(join(tmpdir(), "postern-bench-"));
const database = await openDatabase({ databaseUrl: server.url, dataDir: folder });
try {
  const store = openStore(database);
  await database.pool.query(
    `insert into postern.events select $1, n, 'event-' || n, now() - interval '1 day', 'verdict', $2::jsonb, 'hash'
     from generate_series(1, $3::bigint) as n`,
    [TENANT, body, EVENTS],
  );
  await database.pool.query("insert into postern.event_heads values ($1, $2, 'hash')", [TENANT, EVENTS]);
  await database.pool.query("analyze postern.events");

  let begun = begin();
  const copied = join(folder, "copy.csv");
  execFileSync(PSQL, [
    server.url,
    "-q",
    "-c",
    `\\copy (select * from postern.events order by sequence) to '${copied}' csv`,
  ]);
  report("psql \\copy", begun, statSync(copied).size);

  const output = outputOptionsSchema.parse({});
  const render = openRenderer(
    { dataset: "email_dlp_findings", output, filter: null },
    { version: "bench" },
    randomBytes(32),
  );
  begun = begin();
  const file = createWriteStream(join(folder, "events.ndjson"));
  let after: { tenantId: string; sequence: number } | undefined;
  for (;;) {
    const page = await store.events.window(FAR, after, 500);
    const text = page.flatMap((event) => render(event).map((record) => record.text)).join("");
    if (!file.write(text)) await once(file, "drain");
    const last = page.at(-1);
    if (last === undefined) break;
    after = { tenantId: last.tenantId, sequence: last.sequence };
  }
  file.end();
  await once(file, "close");
  report("to a file", begun, statSync(join(folder, "events.ndjson")).size);

  const destination = openDestination(`file://${folder}/jobs?compress=none`, {
    network: { allowPrivate: false, extraPorts: [] },
    folder,
  });
  const settings = {
    output,
    filter: null,
    maxUploadBytes: 5_000_000,
    maxUploadRecords: 10_000,
    maxUploadIntervalSeconds: 1,
  };
  const job = await store.exports.createJob(
    {
      id: "job",
      name: "bench",
      dataset: "email_dlp_findings",
      enabled: true,
      tenantId: TENANT,
      settings,
      sealedDestination: "",
      shownDestination: "",
    },
    new Date(),
  );
  begun = begin();
  const run = await store.exports.startBackfill({ id: "run", jobId: "job", ...FAR }, new Date());
  const clock = { now: () => new Date() };
  const open = openRun(run, job, destination, {
    exports: store.exports,
    events: store.events,
    clock,
    version: "bench",
    hashKey: randomBytes(32),
  });
  while (await open.step(new AbortController().signal));
  report("a job's backfill to a folder", begun, Number((await store.exports.job("job"))?.health.bytes));
} finally {
  await database.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
