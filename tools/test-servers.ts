import { execFileSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { findServer } from "../test/support/servers.ts";

/** Run before the tests: gets the real servers and the browser that they need where it may, else says what will be missing. */
const NEEDED: readonly Needed[] = [
  { program: "redis-server", package: "redis-server", tests: "queue tests on Redis" },
  { program: "postgres", package: "postgresql", tests: "store and queue tests on PostgreSQL" },
  // Its driver for TLS, which brings the server.
  { program: "lmnsd_ossl.so", package: "rsyslog-openssl", tests: "export tests on rsyslog" },
  { program: "chromium", package: "chromium", tests: "tests of pages in a browser" },
];

interface Needed {
  readonly program: Parameters<typeof findServer>[0];
  readonly package: string;
  readonly tests: string;
}

/** Debian's packages ask this script whether they may start their service; 101 says no. */
const POLICY = "/usr/sbin/policy-rc.d";

function missing(): readonly Needed[] {
  return NEEDED.filter(({ program }) => findServer(program) === undefined);
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
}

function install(packages: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const ours = !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    execFileSync("apt-get", ["update", "-qq"], { env, stdio: ["ignore", "ignore", "inherit"] });
    const command = ["install", "-y", "-qq", "--no-install-recommends", ...packages];
    execFileSync("apt-get", command, { env, stdio: ["ignore", "ignore", "inherit"] });
  } catch {
    process.stderr.write("apt-get could not install the servers\n");
  } finally {
    if (ours) rmSync(POLICY, { force: true });
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

const wanted = missing();
if (wanted.length > 0 && mayInstall()) {
  say(`Installing for the tests: ${wanted.map((each) => each.package).join(", ")}`);
  install(wanted.map((each) => each.package));
}
const left = missing();
for (const { program, tests } of left) say(`${program} is not installed: the ${tests} will be skipped`);
if (left.length > 0) {
  say(`Get them with: sudo apt-get install ${left.map((each) => each.package).join(" ")}`);
  if (process.env.CI === "true") process.exitCode = 1;
}
