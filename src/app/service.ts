import type { FastifyInstance } from "fastify";
import { type Logger as Pino, pino } from "pino";
import type { Exporter } from "../export/exporter.ts";
import { openSessions } from "../http/console/sessions.ts";
import { buildServer } from "../http/server.ts";
import type { Backfilling } from "../intake/backfill.ts";
import { openRelisting } from "../intake/relisting.ts";
import { type Schedule, startSchedule } from "../intake/schedule.ts";
import { compareTraces } from "../intake/traces.ts";
import { performActions, workOff } from "../intake/worker.ts";
import { expire } from "../quarantine/decide.ts";
import { type Assembly, assemble } from "./assembly.ts";
import { workBackfills } from "./backfills.ts";
import type { Config } from "./config.ts";
import { keepRetention } from "./retention.ts";
import { serverDependencies } from "./server-dependencies.ts";

export type Role = "all" | "web" | "worker";

/** Items that one process works on at the same time; reading content is bounded by the children. */
const AT_ONCE = { scans: 8, syncs: 8, acts: 8 } as const;

export interface Service {
  /** Where the listener is reached from this machine; undefined for a worker. */
  readonly url: string | undefined;
  readonly assembly: Assembly;
  /** Address that signs in to the console once; undefined for a worker. */
  readonly signInLink: () => string | undefined;
  /** Takes nothing new, lets work under way finish, closes everything. */
  stop(): Promise<void>;
}

/** Starts the service in one of its roles. */
export async function startService(
  config: Config,
  role: Role,
  logger: Pino = serviceLogger(config, role),
): Promise<Service> {
  const assembly = await assemble(config, logger);
  const sessions = openSessions(assembly.clock);
  const stopping = new AbortController();
  let schedule: Schedule | undefined;
  let exporter: Exporter | undefined;
  let endRetention: (() => Promise<void>) | undefined;
  let backfilling: Backfilling | undefined;
  let server: FastifyInstance | undefined;
  try {
    if (role !== "worker") {
      const hurry = (): void => schedule?.hurry();
      server = await buildServer(serverDependencies(assembly, config, logger, sessions, hurry, stopping.signal));
      await server.listen({ host: config.HOST, port: config.PORT });
      assembly.listensAt(addressOf(server, config));
    }
    if (role !== "web") {
      schedule = await startWork(assembly, config, stopping.signal);
      exporter = assembly.exporting.start();
      endRetention = keepRetention(config.POSTERN_EVENT_DAYS, { ...assembly, events: assembly.store.events });
      backfilling = workBackfills(assembly, config);
    }
  } catch (error) {
    stopping.abort();
    await server?.close();
    await assembly.close();
    throw error;
  }
  const running = server;
  return {
    url: running && addressOf(running, config),
    assembly,
    signInLink: () => running && `${addressOf(running, config)}/sign-in/${sessions.issueLink()}`,
    async stop() {
      await running?.close();
      await schedule?.stop();
      await exporter?.stop();
      await endRetention?.();
      await backfilling?.stop();
      await Promise.all(Object.values(assembly.queues).map((queue) => queue.close()));
      stopping.abort();
      await assembly.close();
    },
  };
}

async function startWork(assembly: Assembly, config: Config, signal: AbortSignal): Promise<Schedule> {
  const { queues, worker, store, tenants, clock, logger } = assembly;
  await queues.scans.work((wake, job) => workOff(wake, worker, job), AT_ONCE.scans);
  await queues.syncs.work((wake, job) => workOff(wake, worker, job), AT_ONCE.syncs);
  await queues.acts.work((wake, job) => performActions(wake, worker, job), AT_ONCE.acts);
  return startSchedule({
    inbox: store.inbox,
    actions: store.actions,
    syncs: store.syncs,
    leases: store.leases,
    queues,
    acceptor: assembly.acceptor,
    subscriptions: assembly.subscriptions,
    notifications: { acceptor: assembly.acceptor, metrics: worker.metrics },
    directoryReading: { tenants: store.tenants, directory: store.directory, syncs: store.syncs },
    compareTraces: (connected, signal) => compareTraces(connected, { ...store, clock, logger }, signal),
    relist: openRelisting({ ...store, acceptor: assembly.acceptor, clock, logger }),
    tenants: tenants.all,
    expire: () => expire(assembly.quarantine, signal),
    digest: async () => {
      const messages = await store.notices.planDigests(assembly.clock.now());
      await queues.acts.addMany(messages.map((id) => ({ job: { id }, key: id, priority: "live" })));
    },
    catchUpEveryMs: config.POSTERN_CATCH_UP_SECONDS * 1_000,
    leaseMs: config.POSTERN_LEASE_SECONDS * 1_000,
    clock: assembly.clock,
    logger: assembly.logger,
  });
}

/** Log lines go to standard error: standard output belongs to commands. */
export function serviceLogger(config: Pick<Config, "LOG_LEVEL">, role: Role): Pino {
  return pino({ level: config.LOG_LEVEL, base: { role } }, pino.destination({ dest: 2, sync: false }));
}

/** With the port that was really taken (`PORT=0` takes any). */
function addressOf(server: FastifyInstance, config: Config): string {
  const [address] = server.addresses();
  const host = config.HOST.includes(":") ? `[${config.HOST}]` : config.HOST;
  return `http://${host}:${address && typeof address === "object" ? address.port : config.PORT}`;
}
