import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestCertificate } from "./certificate.ts";
import { findServer, freePort } from "./servers.ts";
import { until } from "./until.ts";

/** What the server understood of a message. */
export interface SyslogMessage {
  readonly app: string;
  readonly msgid: string;
  readonly severity: string;
  readonly facility: string;
  /** Without the byte order mark that RFC 5424 puts before UTF-8. */
  readonly msg: string;
  /** When it is CEF: what rsyslog's own parser for it (liblognorm) read. */
  readonly cef?: { readonly f: CefFields };
}

export interface CefFields {
  readonly DeviceVendor: string;
  readonly SignatureID: string;
  readonly Name: string;
  readonly Severity: string;
  readonly Extensions: Readonly<Record<string, string>>;
}

/** Debian's rsyslog on a free loopback port, with TLS. */
export interface Rsyslog {
  readonly port: number;
  messages(): readonly SyslogMessage[];
  stop(): Promise<void>;
}

/** @throws Error when rsyslog or its driver for OpenSSL is not installed, or it does not start. */
export async function startRsyslog({ key, cert }: TestCertificate): Promise<Rsyslog> {
  const program = findServer("rsyslogd");
  if (program === undefined) throw new Error("rsyslogd is not installed");
  const folder = mkdtempSync(join(tmpdir(), "postern-rsyslog-"));
  const file = (name: string, text = ""): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const port = await freePort();
  const [certFile, keyFile, rules, out] = [
    file("cert.pem", cert),
    file("key.pem", key),
    file("cef.rulebase", "version=2\nrule=:\ufeff%f:cef%\n"),
    file("messages.json"),
  ];
  const settings = file(
    "rsyslog.conf",
    `global(workDirectory="${folder}" maxMessageSize="128k" defaultNetstreamDriver="ossl"
  defaultNetstreamDriverCAFile="${certFile}" defaultNetstreamDriverCertFile="${certFile}" defaultNetstreamDriverKeyFile="${keyFile}")
module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon")
module(load="mmnormalize")
input(type="imtcp" port="${port}" address="127.0.0.1")
template(name="json" type="string" string="%$!all-json%\\n")
action(type="mmnormalize" ruleBase="${rules}" path="$!cef")
set $!msg = $msg;
set $!app = $app-name;
set $!msgid = $msgid;
set $!severity = $syslogseverity-text;
set $!facility = $syslogfacility;
action(type="omfile" file="${out}" template="json")
`,
  );
  const child: ChildProcess = spawn(program, ["-n", "-f", settings, "-i", join(folder, "pid")], { stdio: "ignore" });
  const last = (): void => void child.kill("SIGKILL");
  process.once("exit", last);
  const lines = (): readonly string[] =>
    readFileSync(out, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  // It writes its process id when its inputs are open.
  await until("rsyslog is there", () => existsSync(join(folder, "pid")) || child.exitCode !== null);
  return {
    port,
    messages: () =>
      lines().map((line) => {
        const message = JSON.parse(line) as SyslogMessage;
        return { ...message, msg: message.msg.replace(/^\ufeff/, "") };
      }),
    async stop() {
      if (child.exitCode === null) {
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
      }
      process.off("exit", last);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
