import { createHmac, generateKeyPairSync } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { importSPKI, jwtVerify } from "jose";
import { afterEach, describe, expect, it } from "vitest";
import { bucketOf, type DestinationSettings, openDestination } from "../../../connectors/destinations/open.ts";
import type { Delivery, OutBatch } from "../../../src/core/export.ts";
import { makeCertificate, type TestCertificate } from "../../support/certificate.ts";
import { type HttpSink, type SeenUpload, type SinkAnswer, startHttpSink } from "../../support/sinks.ts";
import { batch, LOOPBACK, soon } from "./batch.ts";

/** Receivers on loopback that answer as the clouds do; who signed is checked by the clouds' published rules. */
const sinks: HttpSink[] = [];
afterEach(async () => {
  await Promise.all(sinks.splice(0).map((sink) => sink.close()));
});
async function receiver(
  tls?: TestCertificate,
  decide: (upload: SeenUpload) => SinkAnswer = () => ({ status: 201 }),
): Promise<HttpSink> {
  const sink = await startHttpSink(decide, tls);
  sinks.push(sink);
  return sink;
}
async function deliver(conf: string, what: OutBatch, settings: DestinationSettings = LOOPBACK): Promise<Delivery> {
  const destination = openDestination(conf, settings);
  try {
    return await destination.send(what, soon());
  } finally {
    await destination.close();
  }
}
const NAME = "20261130T214500Z_20261130T214501Z_batch-1.log.gz";
const hostOf = (sink: HttpSink): string => new URL(sink.url).host;

describe("Google Cloud Storage", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const account = { type: "service_account", client_email: "soc@p.iam.gserviceaccount.com", private_key: privateKey };
  const file = (content: object): string => encodeURIComponent(Buffer.from(JSON.stringify(content)).toString("base64"));
  const conf = (sink: HttpSink): string =>
    `gs://logs/mail/{DATE}?credentials=${file({ ...account, token_uri: "http://169.254.169.254/" })}&endpoint=${encodeURIComponent(sink.url)}`;

  it("gets one gzip object a batch by a simple upload, with a token that the account's key signed", async () => {
    const sink = await receiver(undefined, () => ({ status: 200, body: "{}" }));
    expect(await deliver(conf(sink), batch(["a", "b"]))).toEqual({ outcome: "accepted" });
    const [upload] = sink.seen;
    const url = new URL(upload?.path ?? "", sink.url);
    expect(url.pathname).toBe("/upload/storage/v1/b/logs/o");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      uploadType: "media",
      name: `mail/20261130/${NAME}`,
      contentEncoding: "gzip",
    });
    expect(upload?.headers["content-type"]).toBe("application/x-ndjson");
    expect(gunzipSync(upload?.bytes ?? Buffer.alloc(0)).toString("utf8")).toBe("a\nb\n");
    const token = String(upload?.headers.authorization).replace("Bearer ", "");
    const { payload } = await jwtVerify(token, await importSPKI(publicKey, "RS256"), { algorithms: ["RS256"] });
    expect(payload).toMatchObject({
      iss: account.client_email,
      sub: account.client_email,
      scope: "https://www.googleapis.com/auth/devstorage.read_write",
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(3_600);
  });

  it("is tried again when it refuses: an object is no record that could be parked", async () => {
    const sink = await receiver(undefined, () => ({ status: 403, headers: { "retry-after": "3" } }));
    expect(await deliver(conf(sink), batch(["a"]))).toEqual({ outcome: "retry", reason: "status-403", afterMs: 3_000 });
  });

  it("needs an account's key, and proof of ownership where it is Google's own", () => {
    for (const credentials of ["", "bm9wZQ==", file({ type: "authorized_user" })])
      expect(() => openDestination(`gs://logs?credentials=${credentials}`, LOOPBACK)).toThrow(/credentials/);
    expect(bucketOf(`gs://logs?credentials=${file(account)}`, LOOPBACK)).toBeDefined();
    expect(bucketOf(`gs://logs?credentials=${file(account)}&endpoint=127.0.0.1`, LOOPBACK)).toBeUndefined();
  });
});

describe("Azure Blob Storage", () => {
  const secret = Buffer.from("k".repeat(64)).toString("base64");
  const conf = (sink: HttpSink, query: string): string =>
    `azure://${hostOf(sink)}/logs/mail/{DATE}?plain-http=true&${query}`;

  it("gets a block blob under a shared access signature, whose parameters stay in the address", async () => {
    const sink = await receiver();
    const sas = "sv=2025-01-05&sr=c&sp=cw&se=2030-01-01T00%3A00%3A00Z&sig=abc%2Bd%3D";
    expect(await deliver(conf(sink, sas), batch(["a", "b"]))).toEqual({ outcome: "accepted" });
    const [upload] = sink.seen;
    const url = new URL(upload?.path ?? "", sink.url);
    expect(url.pathname).toBe(`/logs/mail/20261130/${NAME}`);
    expect(url.searchParams.get("sig")).toBe("abc+d=");
    expect(upload?.headers).toMatchObject({
      "x-ms-blob-type": "BlockBlob",
      "x-ms-blob-content-encoding": "gzip",
      "x-ms-blob-content-type": "application/x-ndjson",
    });
    expect(gunzipSync(upload?.bytes ?? Buffer.alloc(0)).toString("utf8")).toBe("a\nb\n");
    expect(bucketOf(conf(sink, sas), LOOPBACK)).toBeDefined();
  });

  it("gets requests that are signed by the rules of Shared Key", async () => {
    const sink = await receiver();
    expect(await deliver(conf(sink, `account-key=${encodeURIComponent(secret)}`), batch(["a"]))).toEqual({
      outcome: "accepted",
    });
    const [upload] = sink.seen;
    const header = (name: string): string => String(upload?.headers[name] ?? "");
    const account = "127";
    const canonical = Object.keys(upload?.headers ?? {})
      .filter((name) => name.startsWith("x-ms-"))
      .sort((a, b) => a.localeCompare(b))
      .map((name) => `${name}:${header(name)}`);
    const standard = ["content-encoding", "content-language", "content-length", "content-md5", "content-type"].map(
      header,
    );
    const conditions = ["", "", "", "", "", ""];
    const path = new URL(upload?.path ?? "", sink.url).pathname;
    const text = ["PUT", ...standard, ...conditions, ...canonical, `/${account}${path}`].join("\n");
    const signature = createHmac("sha256", Buffer.from(secret, "base64")).update(text).digest("base64");
    expect(header("authorization")).toBe(`SharedKey ${account}:${signature}`);
  });

  it("tells what it answered, follows no redirect, and is tried again", async () => {
    const seen: string[] = [];
    const sink = await receiver(undefined, ({ path }) => {
      seen.push(path);
      return path.includes("mail")
        ? { status: 307, headers: { location: "/elsewhere" } }
        : {
            status: 403,
            headers: { "content-type": "application/xml", "retry-after": "3" },
            body: '<?xml version="1.0"?><Error><Code>AuthorizationFailure</Code><Message>m</Message></Error>',
          };
    });
    expect(await deliver(conf(sink, "sig=x"), batch(["a"]))).toMatchObject({ outcome: "retry" });
    expect(seen).toHaveLength(1);
    const plain = `azure://${hostOf(sink)}/logs?plain-http=true&sig=x`;
    expect(await deliver(plain, batch(["a"]))).toEqual({
      outcome: "retry",
      reason: "AuthorizationFailure",
      afterMs: 3_000,
    });
  });

  it("takes one way to sign in, not none and not two", () => {
    for (const query of ["", "sig=x&account-key=eA==", "tenant-id=t&client-id=c"])
      expect(() => openDestination(`azure://a.blob.core.windows.net/logs?${query}`, LOOPBACK)).toThrow(
        /azure|together/,
      );
    expect(() => openDestination("azure://a.blob.core.windows.net/?sig=x", LOOPBACK)).toThrow(/container/);
  });
});

describe("Microsoft Sentinel", () => {
  // The SDK sends a token over https only.
  const certificate = makeCertificate();
  const settings = { ...LOOPBACK, network: { ...LOOPBACK.network, ca: certificate.cert } };
  const TOKEN: SinkAnswer = { status: 200, body: '{"token_type":"Bearer","expires_in":3599,"access_token":"t1"}' };
  const conf = (sink: HttpSink): string =>
    `sentinel://${hostOf(sink)}/dcr-1/Custom-EmailDlp_CL?tenant-id=t&client-id=c&client-secret=s%26&login=${encodeURIComponent(sink.url)}`;

  it("gets a compressed list of records with their time, under a token for Azure Monitor", async () => {
    const sink = await receiver(certificate, ({ path }) => (path.startsWith("/t/oauth2") ? TOKEN : { status: 204 }));
    expect(await deliver(conf(sink), batch(['{"a":1}', '{"a":2}']), settings)).toEqual({ outcome: "accepted" });
    const [login, upload] = sink.seen;
    expect(Object.fromEntries(new URLSearchParams(login?.body))).toEqual({
      grant_type: "client_credentials",
      client_id: "c",
      client_secret: "s&",
      scope: "https://monitor.azure.com/.default",
    });
    const url = new URL(upload?.path ?? "", sink.url);
    expect(url.pathname).toBe("/dataCollectionRules/dcr-1/streams/Custom-EmailDlp_CL");
    expect(url.searchParams.get("api-version")).toBe("2023-01-01");
    expect(upload?.headers).toMatchObject({ authorization: "Bearer t1", "content-encoding": "gzip" });
    expect(JSON.parse(upload?.body ?? "")).toEqual([
      { TimeGenerated: "2026-11-30T21:45:00.123Z", a: 1 },
      { TimeGenerated: "2026-11-30T21:45:01.123Z", a: 2 },
    ]);
  });

  it.each<[number, Delivery]>([
    [413, { outcome: "too-large", reason: "ContentLengthLimitExceeded" }],
    [400, { outcome: "refused", reason: "ContentLengthLimitExceeded" }],
    [429, { outcome: "retry", reason: "ContentLengthLimitExceeded", afterMs: 3_000 }],
    [403, { outcome: "retry", reason: "ContentLengthLimitExceeded", afterMs: 3_000 }],
  ])("takes %i for %j", async (status, expected) => {
    const body = '{"error":{"code":"ContentLengthLimitExceeded","message":"m"}}';
    const sink = await receiver(certificate, ({ path }) =>
      path.startsWith("/t/")
        ? TOKEN
        : { status, body, headers: { "retry-after": "3", "content-type": "application/json" } },
    );
    expect(await deliver(conf(sink), batch(["{}"]), settings)).toEqual(expected);
  });

  it("asks for a token once, says when none is given, and takes no text that is not JSON", async () => {
    let isKnown = true;
    const sink = await receiver(certificate, ({ path }) =>
      path.startsWith("/t/") ? (isKnown ? TOKEN : { status: 401 }) : { status: 204 },
    );
    const destination = openDestination(conf(sink), settings);
    for (const _time of [1, 2]) expect(await destination.test(soon())).toEqual({ outcome: "accepted" });
    expect(sink.seen.filter(({ path }) => path.startsWith("/t/"))).toHaveLength(1);
    expect(await destination.send(batch(["x"], { json: false }), soon())).toEqual({
      outcome: "refused",
      reason: "not-json",
    });
    await destination.close();
    isKnown = false;
    expect(await deliver(conf(sink), batch(["{}"]), settings)).toEqual({
      outcome: "retry",
      reason: "token-status-401",
    });
  });
});
