import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { readConfig } from "../../src/app/config.ts";
import { type Service, startService } from "../../src/app/service.ts";
import { type Api, openApi } from "./api.ts";

/** The administrator's. */
export const TOKEN = "test-administrator";

/** The composed service in embedded mode, without any tenant: tests write events themselves. */
export interface Flow {
  readonly service: Service;
  readonly api: Api;
  /** Runs the command line against the service. */
  command(
    args: readonly string[],
  ): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }>;
  close(): Promise<void>;
}

export async function startFlow(): Promise<Flow> {
  const folder = mkdtempSync(join(tmpdir(), "postern-flow-"));
  const environment = {
    POSTERN_DATA_DIR: folder,
    POSTERN_ADMIN_TOKEN: TOKEN,
    POSTERN_EXPORT_ALLOW_PRIVATE: "true",
    POSTERN_CHILDREN: "1",
    LOG_LEVEL: process.env.LOG_LEVEL ?? "error",
  };
  const config = readConfig({ ...environment, PORT: "0" }, folder);
  const service = await startService(config, "all", pino({ level: config.LOG_LEVEL }));
  const url = service.url ?? "";
  return {
    service,
    api: openApi(url, TOKEN),
    command: (args) =>
      new Promise((resolve) => {
        execFile(
          process.execPath,
          ["dist/src/main.js", ...args],
          { env: { ...process.env, ...environment, POSTERN_URL: url } },
          (error, stdout, stderr) => resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
        );
      }),
    async close() {
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
