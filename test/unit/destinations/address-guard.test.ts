import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADDRESS_DENIED, guardedLookup, type NetworkRules } from "../../../connectors/destinations/address-guard.ts";
import { openDestination } from "../../../connectors/destinations/open.ts";
import { PosternError } from "../../../src/core/errors.ts";

const corpus = process.env.POSTERN_CORPUS;
const file = corpus === undefined ? "" : join(corpus, "bugs/82-ssrf-urls.txt");
const HOSTS: Readonly<Record<string, readonly string[]>> = {
  "siem.test": ["93.184.216.34"],
  "mixed.test": ["93.184.216.34", "10.0.0.5"],
  "translated.test": ["64:ff9b::7f00:1"],
  "mapped.test": ["::ffff:127.0.0.1"],
  "metadata.test": ["169.254.169.254"],
};
const rules: NetworkRules = {
  allowPrivate: false,
  extraPorts: [],
  resolve: (host) =>
    Promise.resolve(
      (HOSTS[host] ?? ["127.0.0.1"]).map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    ),
};
const settings = { network: rules, folder: "/nowhere" };

/** `saved`: refused when the job is made. Otherwise what a delivery answers. */
async function attempt(url: string): Promise<string> {
  let destination: ReturnType<typeof openDestination>;
  try {
    destination = openDestination(url, settings);
  } catch (error) {
    return error instanceof PosternError ? "refused" : "threw";
  }
  const answer = await destination.test(AbortSignal.timeout(3_000));
  await destination.close();
  return answer.outcome === "retry" ? answer.reason : answer.outcome;
}

const lookUp = (host: string, all: boolean): Promise<unknown> =>
  new Promise((resolve) => {
    guardedLookup(rules)(host, { all }, (error, address) => resolve(error ? error.code : address));
  });

describe("addresses of destinations", () => {
  const server = createServer();
  let connections = 0;
  beforeAll(async () => {
    server.on("connection", (socket) => {
      connections += 1;
      socket.destroy();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => void server.close());

  it.each([
    "http://127.0.0.1:6379/",
    "https://localhost/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://metadata.google.internal/",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://[fd00::1]/",
    "https://user:pw@siem.test/",
    "https://siem.test:22/",
    "splunk://0x7f000001:8088?header_Authorization=x",
    "elasticsearch://[::1]:9200/index",
    "syslog+tls://10.0.0.5",
    "s3://bucket/x?endpoint=https://169.254.169.254",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "ftp://siem.test/",
    "nonsense",
  ])("%s is refused when a job is made", async (url) => {
    expect(await attempt(url)).toBe("refused");
  });

  it.skipIf(!existsSync(file))(
    `denies the corpus of hostile addresses${existsSync(file) ? "" : " (POSTERN_CORPUS is not set)"}`,
    async () => {
      const lines = readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line.startsWith("deny "));
      for (const line of lines) {
        const url = line.slice(5).split(/\s+#/)[0]?.trim() ?? "";
        // Names lead to loopback here: whether the name or the address is what is wrong, nothing is sent.
        expect(["refused", "address-not-allowed"], url).toContain(await attempt(url));
      }
      expect(lines.length).toBeGreaterThan(20);
    },
  );

  it("checks every address of a name at each connect, and hands on only what it checked", async () => {
    expect(await lookUp("siem.test", false)).toBe("93.184.216.34");
    expect(await lookUp("siem.test", true)).toEqual([{ address: "93.184.216.34", family: 4 }]);
    for (const host of ["mixed.test", "translated.test", "mapped.test", "metadata.test", "rebound.test"])
      expect(await lookUp(host, true)).toBe(ADDRESS_DENIED);
  });

  it("opens no connection to a denied address, whether something listens there or not", async () => {
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const open = { network: { ...rules, extraPorts: [port, 1] }, folder: "/nowhere" };
    for (const [scheme, tail] of [
      ["https", "/"],
      ["syslog+tls", ""],
      ["splunk", "?header_Authorization=x"],
      ["elasticsearch", "/i"],
    ]) {
      const answers = await Promise.all(
        [port, 1].map(async (each) => {
          const destination = openDestination(`${scheme}://rebound.test:${each}${tail}`, open);
          const answer = await destination.test(AbortSignal.timeout(3_000));
          await destination.close();
          return answer;
        }),
      );
      for (const answer of answers) expect(answer).toEqual({ outcome: "retry", reason: "address-not-allowed" });
    }
    expect(connections).toBe(0);
  });
});
