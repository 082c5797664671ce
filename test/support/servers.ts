import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

/** A real server process for tests, on a free loopback port, with its data in a temp folder. */
export interface TestServer {
  readonly url: string;
  readonly pid: number;
  /** Ends the process as if the power failed, keeps its data. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  /** SIGSTOP and SIGCONT for the server and its children. */
  freeze(): void;
  thaw(): void;
  /** Ends the process and deletes its data. */
  stop(): Promise<void>;
}

const run = promisify(execFile);
const START_TIMEOUT_MS = 20_000;
/** Debian keeps PostgreSQL's programs off the PATH. */
const POSTGRES_HOME = "/usr/lib/postgresql";
/** And rsyslog's drivers by architecture. */
const RSYSLOG_DRIVERS = `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu/rsyslog`;

/** Folder-qualified path of a server program or the browser, undefined when it is not installed. */
export function findServer(
  program: "redis-server" | "postgres" | "initdb" | "chromium" | "rsyslogd" | "lmnsd_ossl.so",
): string | undefined {
  const versions = existsSync(POSTGRES_HOME) ? readdirSync(POSTGRES_HOME) : [];
  // The newest version first; names are numbers.
  versions.sort((a, b) => Number(b) - Number(a));
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    "/usr/bin",
    "/usr/sbin",
    RSYSLOG_DRIVERS,
    "/usr/local/bin",
    ...versions.map((version) => join(POSTGRES_HOME, version, "bin")),
  ];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** @throws Error when redis-server is not installed or does not start. */
export async function startRedis(): Promise<TestServer> {
  const program = required("redis-server");
  const folder = mkdtempSync(join(tmpdir(), "postern-redis-"));
  const port = await freePort();
  const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--save", ""];
  const start = (): ChildProcess => spawn(program, settings, { stdio: "ignore" });
  return await serve(`redis://127.0.0.1:${port}`, folder, start, () => redisAnswers(port));
}

/** @throws Error when PostgreSQL is not installed or does not start. */
export async function startPostgres(): Promise<TestServer> {
  const program = required("postgres");
  const initdb = required("initdb");
  const folder = mkdtempSync(join(tmpdir(), "postern-postgres-"));
  const user = await unprivilegedUser();
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: "C" } };
  await run(initdb, ["-D", data, "-U", "postern", "-A", "trust", "-E", "UTF8", "--no-sync"], options);
  const port = await freePort();
  const settings = ["-D", data, "-p", `${port}`, "-h", "127.0.0.1", "-k", folder];
  const start = (): ChildProcess => spawn(program, settings, { ...options, stdio: "ignore" });
  const url = `postgres://postern@127.0.0.1:${port}/postgres`;
  // The postmaster writes its state there; while it recovers it listens but refuses.
  return await serve(url, folder, start, () => fileContains(join(data, "postmaster.pid"), "ready"));
}

async function serve(
  url: string,
  folder: string,
  start: () => ChildProcess,
  isReady: () => Promise<boolean>,
): Promise<TestServer> {
  let child = start();
  // A run that is interrupted leaves no server behind.
  const last = (): void => void child.kill("SIGKILL");
  process.once("exit", last);
  await untilReady(isReady, child);
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    for (const pid of familyOf(child)) wakeUp(pid);
    child.kill(signal);
    await ended;
  };
  return {
    url,
    get pid() {
      return child.pid ?? 0;
    },
    kill: () => kill("SIGKILL"),
    async restart() {
      child = start();
      await untilReady(isReady, child);
    },
    freeze() {
      for (const pid of familyOf(child)) process.kill(pid, "SIGSTOP");
    },
    thaw() {
      for (const pid of familyOf(child)) process.kill(pid, "SIGCONT");
    },
    async stop() {
      // PostgreSQL: SIGINT is the fast shutdown. Redis ends on it as well.
      await kill("SIGINT");
      process.off("exit", last);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(isReady: () => Promise<boolean>, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`The test server ended with ${child.exitCode} while starting`);
    if (Date.now() > deadline) throw new Error("The test server did not become ready in time");
    await pause(25);
  }
}

async function redisAnswers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    socket.write("PING\r\n");
    const [answer] = await once(socket, "data");
    return String(answer).startsWith("+PONG");
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function fileContains(path: string, text: string): Promise<boolean> {
  return Promise.resolve(existsSync(path) && readFileSync(path, "utf8").includes(text));
}

/** The process and its direct children (Linux): PostgreSQL serves each connection from one. */
function familyOf(child: ChildProcess): readonly number[] {
  const pid = child.pid ?? 0;
  const children = `/proc/${pid}/task/${pid}/children`;
  const pids = existsSync(children) ? readFileSync(children, "utf8").trim().split(" ") : [];
  return [pid, ...pids.filter((each) => each !== "").map(Number)];
}

/** A port on loopback that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port");
  return address.port;
}

/** PostgreSQL refuses to run as root. */
async function unprivilegedUser(): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const line = (await run("getent", ["passwd", name]).catch(() => ({ stdout: "" }))).stdout;
    const [, , uid, gid] = line.split(":");
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error("PostgreSQL does not run as root, and there is neither a user postgres nor nobody");
}

function required(program: Parameters<typeof findServer>[0]): string {
  const path = findServer(program);
  if (path === undefined) throw new Error(`${program} is not installed`);
  return path;
}

/** A frozen process hears nothing else first. It may end by itself between the listing and the signal. */
function wakeUp(pid: number): void {
  try {
    process.kill(pid, "SIGCONT");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
