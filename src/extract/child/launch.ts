import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { setPriority } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";

export interface LaunchOptions {
  /** `.ts` under tsx, `.js` when built. */
  readonly entry: URL;
  /** Limit of the V8 heap in MiB. */
  readonly heapMb: number;
  /** All that the child sees of an environment, besides what the runtime needs. */
  readonly env: Readonly<Record<string, string>>;
}

/** A file that a child writes may be no larger: 1 GiB, in bytes. Nothing writes files; this is the second lock. */
const FILE_SIZE_LIMIT = 1024 * 1024 * 1024;

/** Nice value: where processors are short, reading a message waits, the answer to a provider does not. */
const NICENESS = 10;

/**
 * Starts a child without the parent's environment, and without network where the system lets us take it away.
 * Util-linux programs do that before the runtime starts; where they are missing or not allowed, the child runs without.
 */
export function launchChild(options: LaunchOptions): ChildProcess {
  const walls = isolation();
  const node = [`--max-old-space-size=${options.heapMb}`, "--no-warnings"];
  if (options.entry.pathname.endsWith(".ts")) {
    node.push("--import", pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href);
  }
  const [execPath = process.execPath, ...execArgv] = [...walls.command, process.execPath, ...node];
  const child = fork(fileURLToPath(options.entry), [], {
    execPath,
    execArgv,
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...options.env, NODE_ENV: "production", ...(walls.diesWithParent ? {} : { POSTERN_CHILD_WATCH: "1" }) },
  });
  yieldTo(child);
  return child;
}

function yieldTo({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, NICENESS);
  } catch {
    // It ended already, or the system has no such thing.
  }
}

interface Isolation {
  readonly command: readonly string[];
  readonly diesWithParent: boolean;
}

let found: Isolation | undefined;

function isolation(): Isolation {
  found ??= findIsolation();
  return found;
}

/** Looks once which walls this system offers. */
function findIsolation(): Isolation {
  const works = (command: readonly string[]) =>
    spawnSync(command[0] ?? "", [...command.slice(1), "true"], { stdio: "ignore", timeout: 2_000 }).status === 0;
  const deathSignal = ["setpriv", "--pdeathsig", "KILL"];
  const limits = ["prlimit", "--core=0", `--fsize=${FILE_SIZE_LIMIT}`];
  const noNetwork =
    [
      ["unshare", "--net"],
      ["unshare", "--map-root-user", "--net"],
    ].find(works) ?? [];
  const diesWithParent = works(deathSignal);
  return {
    command: [...noNetwork, ...(works(limits) ? limits : []), ...(diesWithParent ? deathSignal : [])],
    diesWithParent,
  };
}
