import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, it } from "vitest";
import { hideSecrets } from "../../../connectors/destinations/conf.ts";
import { openDestination } from "../../../connectors/destinations/open.ts";
import type { Delivery, OutBatch } from "../../../src/core/export.ts";
import { type HttpSink, type SinkAnswer, startHttpSink } from "../../support/sinks.ts";
import { batch, LOOPBACK, soon } from "./batch.ts";

const SECRETS = ["a", "b"].map((letter) => `whsec_${Buffer.from(letter.repeat(32)).toString("base64")}`);
const sinks: HttpSink[] = [];
afterEach(async () => {
  for (const sink of sinks.splice(0)) await sink.close();
});

async function send(
  conf: (url: string) => string,
  what: OutBatch,
  answer: SinkAnswer = { status: 200 },
): Promise<{ readonly delivery: Delivery; readonly sink: HttpSink }> {
  const sink = await startHttpSink(() => answer);
  sinks.push(sink);
  const destination = openDestination(conf(sink.url), LOOPBACK);
  const delivery = await destination.send(what, soon());
  await destination.close();
  return { delivery, sink };
}
const other = (scheme: string, tail: string) => (url: string) => url.replace("http:", `${scheme}:`) + tail;

describe("an https destination", () => {
  it("posts the batch compressed, with its key and the headers of the job", async () => {
    const { delivery, sink } = await send(
      (url) => `${url}/in?header_X-Team=soc&tags=a&tags=b`,
      batch(['{"a":1}', '{"a":2}'], { prefix: "[", delimiter: ",", suffix: "]" }),
    );
    expect(delivery).toEqual({ outcome: "accepted" });
    expect(sink.seen[0]).toMatchObject({
      path: "/in?tags=a&tags=b",
      body: '[{"a":1}\n,{"a":2}\n]',
      headers: { "x-team": "soc", "idempotency-key": "batch-1", "content-encoding": "gzip" },
    });
  });

  it("signs so that the reference library verifies with either secret, and with no other", async () => {
    const query = SECRETS.map((secret) => `signing_secret=${encodeURIComponent(secret)}`).join("&");
    const { sink } = await send((url) => `${url}/?${query}`, batch(['{"a":1}']));
    const [upload] = sink.seen;
    const headers = upload?.headers as Record<string, string>;
    for (const secret of SECRETS) expect(new Webhook(secret).verify(upload?.body ?? "", headers)).toEqual({ a: 1 });
    const stranger = new Webhook(`whsec_${Buffer.from("c".repeat(32)).toString("base64")}`);
    expect(() => stranger.verify(upload?.body ?? "", headers)).toThrow();
    expect(() => new Webhook(SECRETS[0] ?? "").verify('{"a":2}', headers)).toThrow();
  });

  it.each<[SinkAnswer, Delivery]>([
    [{ status: 204 }, { outcome: "accepted" }],
    [{ status: 413 }, { outcome: "too-large", reason: "status-413" }],
    [{ status: 400 }, { outcome: "refused", reason: "status-400" }],
    [{ status: 401 }, { outcome: "retry", reason: "status-401" }],
    [
      { status: 302, headers: { location: "http://169.254.169.254/" } },
      { outcome: "retry", reason: "status-302" },
    ],
    [
      { status: 429, headers: { "retry-after": "7" } },
      { outcome: "retry", reason: "status-429", afterMs: 7_000 },
    ],
    [
      { hangUp: true, stored: false },
      { outcome: "retry", reason: "und-err-socket" },
    ],
  ])("takes %j for %j", async (answer, expected) => {
    expect((await send((url) => url, batch(["{}"]), answer)).delivery).toEqual(expected);
  });
});

describe("a Splunk destination", () => {
  const auth = "header_Authorization=Splunk%20t";
  it("wraps each record with its time for /event, and text that is no JSON as a string", async () => {
    const conf = other("splunk", `?${auth}&index=main&sourcetype=postern&plain-http=true`);
    const { sink } = await send(conf, batch(['{"a":1}', '{"a":2}']));
    expect(sink.seen[0]).toMatchObject({ path: "/services/collector/event", headers: { authorization: "Splunk t" } });
    expect(sink.lines().map((line) => JSON.parse(line) as unknown)).toEqual([
      { time: 1796075100.123, index: "main", sourcetype: "postern", event: { a: 1 } },
      { time: 1796075101.123, index: "main", sourcetype: "postern", event: { a: 2 } },
    ]);
    const text = await send(conf, batch(['CEF:0|"x"|'], { json: false }));
    expect(JSON.parse(text.sink.lines()[0] ?? "")).toMatchObject({ event: 'CEF:0|"x"|' });
  });

  it("sends the batch as it is to /raw, with channel and source type in the address", async () => {
    const conf = other("splunk", `/services/collector/raw?${auth}&channel=c1&sourcetype=cef&plain-http=true`);
    const { sink } = await send(conf, batch(["one", "two"], { json: false }));
    expect(sink.seen[0]).toMatchObject({
      path: "/services/collector/raw?channel=c1&sourcetype=cef",
      body: "one\ntwo\n",
    });
  });

  it("tries again when the server is busy", async () => {
    const busy = { status: 503, body: '{"text":"Server is busy","code":9,"invalid-event-number":10}' };
    const { delivery } = await send(other("splunk", `?${auth}&plain-http=true`), batch(["{}"]), busy);
    expect(delivery).toEqual({ outcome: "retry", reason: "status-503" });
  });
});

describe("an Elasticsearch destination", () => {
  const conf = other("elasticsearch", "/postern?plain-http=true");
  const answer = (statuses: readonly number[]): SinkAnswer => ({
    status: 200,
    body: JSON.stringify({
      errors: true,
      items: statuses.map((status) => ({
        create: { status, ...(status === 400 ? { error: { type: "mapper_parsing_exception" } } : {}) },
      })),
    }),
  });

  it("creates each record under its id, so that a repeat counts as stored", async () => {
    const { sink, delivery } = await send(conf, batch(['{"a":1}', '{"a":2}']), answer([201, 409]));
    expect(sink.seen[0]).toMatchObject({ path: "/_bulk" });
    expect(sink.seen[0]?.body).toBe(
      '{"create":{"_index":"postern","_id":"event-0"}}\n{"a":1}\n{"create":{"_index":"postern","_id":"event-1"}}\n{"a":2}\n',
    );
    expect(delivery).toEqual({ outcome: "accepted", rejected: [] });
  });

  it("names the records that the index will never take, and tries again when any was not for now", async () => {
    expect((await send(conf, batch(["{}", "{}"]), answer([201, 400]))).delivery).toEqual({
      outcome: "accepted",
      rejected: [{ id: "event-1", reason: "mapper_parsing_exception" }],
    });
    expect((await send(conf, batch(["{}", "{}"]), answer([400, 429]))).delivery).toEqual({
      outcome: "retry",
      reason: "item-status-429",
    });
  });
});

describe("what the API shows of a destination", () => {
  it.each([
    ["https://h/x?header_Authorization=a&tags=b", "https://h/x?header_Authorization=***&tags=b"],
    ["https://h/x?signing_secret=a&signing_secret=b", "https://h/x?signing_secret=***&signing_secret=***"],
    [
      "s3://b/p?region=r&access-key-id=i&secret-access-key=s",
      "s3://b/p?region=r&access-key-id=i&secret-access-key=***",
    ],
    ["https://h/x?header%5FAuthorization=a", "https://h/x?header%5FAuthorization=***"],
  ])("of %s is %s", (conf, shown) => {
    expect(hideSecrets(conf)).toBe(shown);
  });
});
