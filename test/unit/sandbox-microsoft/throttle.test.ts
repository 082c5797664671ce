import { afterEach, beforeEach, expect, test } from "vitest";
import { mimeOf, type Rig, startRig } from "./graph-client.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const ann = "/users/ann@corp.example/messages";
const bob = "/users/bob@corp.example/messages";

test("a fifth request at a time for one mailbox is refused, other mailboxes go on", async () => {
  const fault = rig.sandbox.faults.add({ mailbox: "ann@corp.example", count: 4, effect: { hold: "before" } });
  const held = Array.from({ length: 4 }, () => rig.call("GET", ann));
  await fault.arrived(4);
  const fifth = await rig.call("GET", ann);
  expect([fifth.status, fifth.headers.get("retry-after")]).toEqual([429, "1"]);
  expect(fifth.json.error).toMatchObject({
    code: "ApplicationThrottled",
    message: expect.stringContaining("MailboxConcurrency"),
  });
  expect((await rig.call("GET", bob)).status).toBe(200);
  fault.release();
  expect((await Promise.all(held)).map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
  expect(rig.sandbox.meters.mailbox("ann@corp.example")).toEqual({ calls: 5, peak: 4, refused: 1 });
});

test("a 429 can come without Retry-After", async () => {
  rig.sandbox.quirks.maxRequestsPerTenMinutes = 1;
  rig.sandbox.quirks.retryAfterSeconds = null;
  await rig.call("GET", ann);
  const second = await rig.call("GET", ann);
  expect([second.status, second.headers.get("retry-after")]).toEqual([429, null]);
});

interface Inner {
  readonly id: string;
  readonly status: number;
  readonly body?: { readonly value?: unknown[]; readonly error?: { readonly code: string } };
}

async function batch(
  requests: readonly object[],
  unchecked = false,
): Promise<{ readonly status: number; readonly byId: Record<string, Inner> }> {
  const { status, json } = await rig.call("POST", "/$batch", { body: { requests }, unchecked });
  const responses = (json.responses ?? []) as Inner[];
  return { status, byId: Object.fromEntries(responses.map((inner) => [inner.id, inner])) };
}

test("a batch answers each request by its id, four at a time for one mailbox at most", async () => {
  const requests = Array.from({ length: 20 }, (_, n) => ({
    id: `r${n}`,
    method: "GET",
    url: ann.concat("?$select=id"),
  }));
  const { status, byId } = await batch(requests);
  expect(status).toBe(200);
  expect(Object.values(byId).every((inner) => inner.status === 200)).toBe(true);
  expect(Object.keys(byId)).toHaveLength(20);
  expect(rig.sandbox.meters.mailbox("ann@corp.example").peak).toBeLessThanOrEqual(4);
  expect(rig.sandbox.requests.filter((seen) => seen.inBatch)).toHaveLength(20);
});

test("inner requests fail on their own, and what depends on a failure is 424", async () => {
  const { messageId } = await rig.sandbox.send("ann@corp.example", mimeOf());
  rig.sandbox.faults.add({ method: "PATCH", path: "*", effect: { answer: { status: 429, retryAfter: 3 } } });
  const headers = { "Content-Type": "application/json" };
  const { byId } = await batch([
    { id: "1", method: "PATCH", url: `${ann}/${messageId}`, headers, body: { categories: ["A"] } },
    {
      id: "2",
      method: "POST",
      url: `${ann}/${messageId}/move`,
      headers,
      body: { destinationId: "archive" },
      dependsOn: ["1"],
    },
    { id: "3", method: "GET", url: `${bob}?$select=id` },
  ]);
  expect([byId["1"]?.status, byId["2"]?.status, byId["3"]?.status]).toEqual([429, 424, 200]);
  expect(rig.sandbox.messages("ann@corp.example")[0]?.folder).toBe("sentitems");
});

test.each([
  ["more than twenty", Array.from({ length: 21 }, (_, n) => ({ id: `${n}`, method: "GET", url: ann }))],
  [
    "two with the same id",
    [
      { id: "1", method: "GET", url: ann },
      { id: "1", method: "GET", url: ann },
    ],
  ],
  ["an absolute address", [{ id: "1", method: "GET", url: "https://graph.microsoft.com/v1.0/me" }]],
  ["a body without its type", [{ id: "1", method: "POST", url: ann, body: {} }]],
])("a batch with %s is refused as a whole", async (_, requests) => {
  expect((await batch(requests, true)).status).toBe(400);
});

test("requests are recorded without the token", async () => {
  await rig.call("GET", `${ann}?$select=id`);
  const seen = rig.sandbox.requests.at(-1);
  expect(seen).toMatchObject({ method: "GET", path: `/v1.0${ann}`, mailbox: "ann@corp.example", status: 200 });
  expect(seen?.headers.authorization).toBe("Bearer");
  expect(seen?.query.get("$select")).toBe("id");
});
