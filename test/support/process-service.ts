import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Api, openApi } from "./api.ts";
import { ADMIN_TOKEN, type Environment, flowEnvironment, freePort } from "./flow-service.ts";
import { until } from "./until.ts";

/** What users run; the set-up of the tests has built it. */
const MAIN = fileURLToPath(new URL("../../dist/src/main.js", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** A loaded machine needs long to compile and to make a database. */
const START_MS = 180_000;

export type Role = "all" | "web" | "worker";

/** One `postern serve` in a process of its own, that may be killed and started again on the same data and port. */
export interface ServiceProcess {
  /** Where it listens; a worker does not. */
  readonly url: string;
  readonly api: Api;
  readonly pid: number;
  /** Resolves when it answers `/readyz`; a worker has no listener, so at once: wait for what it does. */
  start(): Promise<void>;
  /** `kill -9`, and waits for the end. */
  kill(): Promise<void>;
  /** SIGTERM. Resolves with exit status and duration in milliseconds. */
  terminate(): Promise<{ readonly status: number | null; readonly ms: number }>;
  /** Ends it in any case and deletes its data. */
  close(): Promise<void>;
}

export async function serviceProcess(environment: Environment, role: Role = "all"): Promise<ServiceProcess> {
  const folder = mkdtempSync(join(tmpdir(), "postern-process-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let output = "";

  const running = (): ChildProcess => {
    if (!child || child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the service does not run\n${output}`);
    return child;
  };
  const last = (): void => void child?.kill("SIGKILL");
  process.once("exit", last);

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const ending = running();
    const ended = once(ending, "exit");
    ending.kill(signal);
    await ended;
    return ending.exitCode;
  }

  return {
    url,
    api: openApi(url, ADMIN_TOKEN),
    get pid() {
      return running().pid ?? 0;
    },
    async start() {
      const settings = { ...flowEnvironment(folder, port), LOG_LEVEL: "info", ...environment };
      output = "";
      const started = spawn(process.execPath, [MAIN, "serve", "--role", role], {
        cwd: ROOT,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
        stdio: ["ignore", "ignore", "pipe"],
      });
      child = started;
      started.stderr?.setEncoding("utf8").on("data", (text: string) => {
        output = (output + text).slice(-20_000);
      });
      if (role === "worker") return;
      const isReady = (): Promise<boolean> => {
        running();
        return fetch(`${url}/readyz`).then(
          (answer) => answer.ok,
          () => false,
        );
      };
      await until("a service that is ready", isReady, START_MS);
    },
    async kill() {
      await end("SIGKILL");
    },
    async terminate() {
      const begun = performance.now();
      return { status: await end("SIGTERM"), ms: performance.now() - begun };
    },
    async close() {
      if (child && child.exitCode === null && child.signalCode === null) await end("SIGKILL");
      process.off("exit", last);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
