import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { rootCertificates } from "node:tls";
import { hideSecrets } from "../../connectors/destinations/conf.ts";
import { bucketOf, type DestinationSettings, openDestination } from "../../connectors/destinations/open.ts";
import { PosternError } from "../core/errors.ts";
import type { Clock, Logger } from "../core/ports.ts";
import type { Store } from "../core/store.ts";
import { type Exporter, startExporter } from "../export/exporter.ts";
import { challengeOwner, changeJob, createJob, type JobDependencies } from "../export/manage.ts";
import type { ExportJobRouteDependencies } from "../http/api/export-jobs.ts";
import type { Sealer } from "../vault/sealer.ts";
import type { Config } from "./config.ts";
import { VERSION } from "./version.ts";

/** The export room with its adapters: what the API needs, and the exporter, which one role starts. */
export interface Exporting {
  readonly routes: (signal: AbortSignal) => ExportJobRouteDependencies;
  readonly start: () => Exporter;
}

export interface ExportingDependencies {
  readonly store: Store;
  readonly sealer: Sealer;
  readonly hashKey: Uint8Array;
  readonly challengeKey: Uint8Array;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function openExporting(config: Config, dependencies: ExportingDependencies): Exporting {
  const { store, sealer, clock, logger } = dependencies;
  const settings = destinationSettings(config);
  const context = (id: string): string => `export-job/${id}/destination`;
  const jobs: JobDependencies = {
    exports: store.exports,
    openDestination: (conf) => openDestination(conf, settings),
    openBucket: (conf) => bucketOf(conf, settings),
    hideSecrets,
    seal: (id, conf) => sealer.seal(context(id), Buffer.from(conf)),
    unseal: (id, sealed) => Buffer.from(sealer.open(context(id), sealed)).toString("utf8"),
    challengeKey: dependencies.challengeKey,
    clock,
  };
  return {
    routes: (signal) => ({
      exports: store.exports,
      exportJobs: {
        create: (input) => createJob(input, jobs, signal),
        change: (job, input) => changeJob(job, input, jobs, signal),
        challenge: (conf) => challengeOwner(conf, jobs, signal),
      },
    }),
    start: () =>
      startExporter({
        exports: store.exports,
        events: store.events,
        leases: store.leases,
        leaseMs: config.POSTERN_LEASE_SECONDS * 1_000,
        openDestination: (job) => jobs.openDestination(jobs.unseal(job.id, job.sealedDestination)),
        version: VERSION,
        hashKey: dependencies.hashKey,
        clock,
        logger,
      }),
  };
}

/** What the operator allows; also for `postern export --to`. */
export function destinationSettings(config: Config): DestinationSettings {
  const ca = config.POSTERN_EXPORT_CA_FILE;
  if (ca !== undefined && !existsSync(ca))
    throw new PosternError("CONFIG_INVALID", `POSTERN_EXPORT_CA_FILE: ${ca} is not there`);
  return {
    network: {
      allowPrivate: config.POSTERN_EXPORT_ALLOW_PRIVATE,
      extraPorts: config.POSTERN_EXPORT_PORTS,
      // `ca` replaces the system's certificates, so they are named too.
      ...(ca === undefined ? {} : { ca: [...rootCertificates, readFileSync(ca, "utf8")].join("\n") }),
    },
    folder: resolve(config.POSTERN_EXPORT_DIR ?? join(config.POSTERN_DATA_DIR, "exports")),
  };
}
