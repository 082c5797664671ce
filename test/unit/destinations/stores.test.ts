import { createHash, createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import S3rver from "s3rver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDestination } from "../../../connectors/destinations/open.ts";
import { startHttpSink } from "../../support/sinks.ts";
import { batch, LOOPBACK, soon } from "./batch.ts";

const NAME = "20261130T214500Z_20261130T214501Z_batch-1.log";
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "postern-stores-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("an S3-compatible store", () => {
  let server: S3rver;
  let endpoint: string;
  beforeAll(async () => {
    server = new S3rver({
      port: 0,
      address: "127.0.0.1",
      silent: true,
      directory: folder,
      configureBuckets: [{ name: "logs" }],
    });
    const { port } = await server.run();
    endpoint = `http://127.0.0.1:${port}`;
  });
  afterAll(() => server.close());
  const conf = (id: string): string =>
    `s3://logs/mail/{DATE}?region=us-east-1&endpoint=${encodeURIComponent(endpoint)}&access-key-id=${id}&secret-access-key=S3RVER`;

  it("gets one object a batch, under a name that a repeat has too", async () => {
    const destination = openDestination(conf("S3RVER"), LOOPBACK);
    for (const _attempt of [1, 2])
      expect(await destination.send(batch(["a", "b"]), soon())).toEqual({ outcome: "accepted" });
    expect(await destination.send(batch(["c"], { folder: "backfill/r1/" }), soon())).toEqual({ outcome: "accepted" });
    await destination.close();
    const stored = readdirSync(join(folder, "logs/mail/20261130"), { recursive: true }).map(String);
    expect(stored.filter((name) => name.endsWith(".log.gz._S3rver_object")).sort()).toEqual([
      `${NAME}.gz._S3rver_object`,
      "backfill/r1/20261130T214500Z_20261130T214500Z_batch-1.log.gz._S3rver_object",
    ]);
    const object = readFileSync(join(folder, "logs/mail/20261130", `${NAME}.gz._S3rver_object`));
    expect(gunzipSync(object).toString("utf8")).toBe("a\nb\n");
  });

  it("refuses an unknown key: that is tried again and not given up", async () => {
    const destination = openDestination(conf("wrong"), LOOPBACK);
    expect(await destination.test(soon())).toEqual({ outcome: "retry", reason: "InvalidAccessKeyId" });
    await destination.close();
  });

  it("gets requests that are signed by the rules of Signature Version 4", async () => {
    const sink = await startHttpSink();
    const at = `${encodeURIComponent(sink.url)}&access-key-id=AKID&secret-access-key=secret&sse=AES256`;
    const destination = openDestination(`s3://logs/a%20b?region=eu-west-1&endpoint=${at}`, LOOPBACK);
    expect(await destination.send(batch(["a"]), soon())).toEqual({ outcome: "accepted" });
    await destination.close();
    await sink.close();
    const [upload] = sink.seen;
    const headers = upload?.headers as Record<string, string>;
    expect(headers["x-amz-server-side-encryption"]).toBe("AES256");
    const [, scope = "", signed = "", signature] =
      /Credential=AKID\/(\S+), SignedHeaders=(\S+), Signature=(\w+)/.exec(headers.authorization ?? "") ?? [];
    const url = new URL(upload?.path ?? "", "http://x");
    const canonical = [
      "PUT",
      url.pathname,
      url.search.slice(1),
      ...signed.split(";").map((name) => `${name}:${headers[name]}`),
      "",
      signed,
      headers["x-amz-content-sha256"],
    ].join("\n");
    const hash = createHash("sha256").update(canonical).digest("hex");
    const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hash].join("\n");
    const hmac = (key: Uint8Array, data: string): Buffer => createHmac("sha256", key).update(data).digest();
    const key = scope.split("/").reduce((before: Uint8Array, piece) => hmac(before, piece), Buffer.from("AWS4secret"));
    expect(hmac(key, text).toString("hex")).toBe(signature);
    expect(scope).toMatch(/^\d{8}\/eu-west-1\/s3\/aws4_request$/);
  });
});

describe("a folder", () => {
  const settings = { ...LOOPBACK, folder: "" };
  it("gets complete files only, below the operator's folder only", async () => {
    const root = join(folder, "exports");
    const destination = openDestination(`file://${root}/{DATE}?compress=none`, { ...settings, folder: root });
    for (const _attempt of [1, 2])
      expect(await destination.send(batch(["a", "b"]), soon())).toEqual({ outcome: "accepted" });
    await destination.close();
    expect(readdirSync(join(root, "20261130"))).toEqual([NAME]);
    expect(readFileSync(join(root, "20261130", NAME), "utf8")).toBe("a\nb\n");
    for (const outside of [
      `file://${folder}`,
      `file://${root}/../x`,
      `file://${root}-other`,
      `file://${root}/%2e%2e/x`,
    ])
      expect(() => openDestination(outside, { ...settings, folder: root })).toThrow(/below the folder/);
  });
});
