import { existsSync } from "node:fs";
import { join } from "node:path";
import { type DoctorOptions, type DoctorSource, doctorOverApi, runDoctor } from "../cli/doctor.ts";
import { isPosternError, PosternError } from "../core/errors.ts";
import type { Clock, Metrics } from "../core/ports.ts";
import { openDatabase } from "../store/database.ts";
import { openStore } from "../store/store.ts";
import { openSealer } from "../vault/sealer.ts";
import { apiAddress, errorLine, outputLine } from "./command-line.ts";
import { type Config, readConfig } from "./config.ts";
import { openConnector } from "./connectors.ts";
import { openConsentStates } from "./consent-state.ts";
import { openDoctor } from "./doctor.ts";
import { openPolicies } from "./policies.ts";
import { deriveKey, readSecret } from "./secret.ts";
import { serviceLogger } from "./service.ts";
import { serviceClient } from "./service-client.ts";
import { openTenantRegistry } from "./tenant-registry.ts";
import { openTenantSealing } from "./tenant-sealing.ts";

const UNCOUNTED: Metrics = { count: () => undefined, observe: () => undefined };

/** Examines tenants through the running service; where none runs here, with the installation's own database. */
export async function doctor(id: string | undefined, options: DoctorOptions): Promise<0 | 1> {
  const config = readConfig(process.env, process.cwd());
  const running = doctorOverApi(serviceClient());
  if (await answers(running, config)) return runDoctor(id, options, running, outputLine, errorLine);
  errorLine(`no service answers at ${apiAddress(config)}: examining with the database of this installation`);
  const here = await openHere(config);
  try {
    return await runDoctor(id, options, here.source, outputLine, errorLine);
  } finally {
    await here.close();
  }
}

/** @throws PosternError for a service that is elsewhere, or not set up here. */
async function answers(running: DoctorSource, config: Config): Promise<boolean> {
  try {
    await running.tenants();
    return true;
  } catch (error) {
    const isSetUpHere = config.DATABASE_URL !== undefined || existsSync(join(config.POSTERN_DATA_DIR, "db"));
    if (isPosternError(error, "STORE_UNAVAILABLE") && config.POSTERN_URL === undefined && isSetUpHere) return false;
    throw error;
  }
}

/** What the doctor needs of the service and nothing more: no listener, no queues, no reading processes. */
async function openHere(config: Config): Promise<{ readonly source: DoctorSource; close(): Promise<void> }> {
  const clock: Clock = { now: () => new Date(Date.now() + config.POSTERN_TEST_CLOCK_OFFSET_MS) };
  const logger = serviceLogger(config, "worker");
  const secret = readSecret(config);
  const store = openStore(
    await openDatabase({
      dataDir: join(config.POSTERN_DATA_DIR, "db"),
      ...(config.DATABASE_URL === undefined ? {} : { databaseUrl: config.DATABASE_URL }),
    }),
  );
  const tenants = openTenantRegistry({
    store,
    policy: openPolicies(store, clock, logger).current,
    openConnector: (id, settings, lookup) =>
      openConnector(id, settings, lookup, config, { clock, logger, metrics: UNCOUNTED }),
    unseal: openTenantSealing(openSealer(deriveKey(secret, "settings"))).open,
    clock,
    logger,
  });
  const publicUrl = (): string => config.POSTERN_PUBLIC_URL ?? `http://${config.HOST}:${config.PORT}`;
  const markKey = deriveKey(secret, "notice-mark");
  const consentStates = openConsentStates(deriveKey(secret, "consent-state"), store.leases, clock);
  const examiner = openDoctor(
    { store, tenants, markKey, publicUrl, consentStates, config, clock },
    new AbortController().signal,
  );
  return {
    source: {
      tenants: () => store.tenants.list(),
      async examine(id) {
        await examiner.examine(id);
        const tenant = await store.tenants.get(id);
        if (!tenant) throw new PosternError("NOT_FOUND", "there is no such tenant");
        return tenant;
      },
      consent: examiner.consent,
      live: examiner.live,
    },
    async close() {
      tenants.close();
      await store.close();
    },
  };
}
