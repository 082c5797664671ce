import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { readConfig } from "../../src/app/config.ts";
import { type Service, startService } from "../../src/app/service.ts";
import { type Api, openApi } from "./api.ts";

export const ADMIN_TOKEN = "test-administrator";

export type Environment = Readonly<Record<string, string>>;

/** The composed service in this process, with a data folder of its own. */
export interface FlowService {
  readonly service: Service;
  readonly api: Api;
  readonly folder: string;
  /** Stops and starts again on the same data and port, with further settings: a later clock, another pace. */
  restart(change?: Environment): Promise<void>;
  close(): Promise<void>;
}

/** @param environment what the service reads besides the test's own defaults (embedded, one child, any free port). */
export async function startFlowService(environment: Environment): Promise<FlowService> {
  const folder = mkdtempSync(join(tmpdir(), "postern-flow-"));
  const port = await freePort();
  let settings: Environment = { ...flowEnvironment(folder, port), ...environment };
  let service = await start(settings, folder);
  return {
    get service() {
      return service;
    },
    folder,
    api: openApi(service.url ?? "", ADMIN_TOKEN),
    async restart(change = {}) {
      await service.stop();
      settings = { ...settings, ...change };
      service = await start(settings, folder);
    },
    async close() {
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Defaults of all flow tests, for a service in this process or in one of its own. */
export function flowEnvironment(folder: string, port: number): Environment {
  return {
    POSTERN_DATA_DIR: folder,
    POSTERN_ADMIN_TOKEN: ADMIN_TOKEN,
    PORT: `${port}`,
    POSTERN_CHILDREN: "1",
    LOG_LEVEL: process.env.LOG_LEVEL ?? "fatal",
  };
}

async function start(settings: Environment, folder: string): Promise<Service> {
  const config = readConfig({ ...settings }, folder);
  return startService(config, "all", pino({ level: config.LOG_LEVEL }));
}

/** A port that is free now; kept over restarts, because providers were told of it. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port");
  return address.port;
}
