import { afterEach, beforeEach, expect, test } from "vitest";
import { mimeOf, type Rig, startRig } from "./graph-client.ts";

let rig: Rig;
let id: string;
beforeEach(async () => {
  rig = await startRig();
  id = (await rig.sandbox.send("ann@corp.example", mimeOf())).messageId ?? "";
});
afterEach(() => rig.close());

const ann = "/users/ann@corp.example";
const move = () => rig.call("POST", `${ann}/messages/${id}/move`, { body: { destinationId: "archive" } });
const folder = () => rig.sandbox.messages("ann@corp.example")[0]?.folder;

test("an injected answer comes so many times and nothing happens meanwhile", async () => {
  const fault = rig.sandbox.faults.add({
    method: "POST",
    path: "*/messages/*/move",
    count: 2,
    effect: { answer: { status: 429, retryAfter: 2.128 } },
  });
  for (let n = 0; n < 2; n++) {
    const refused = await move();
    expect([refused.status, refused.headers.get("retry-after"), refused.json.error.code]).toEqual([
      429,
      "2.128",
      "ApplicationThrottled",
    ]);
  }
  expect(folder()).toBe("sentitems");
  expect((await move()).status).toBe(201);
  expect(fault.hits).toBe(2);
});

test("a rule can wait for the nth request, hit each third, and look at one mailbox only", async () => {
  rig.sandbox.faults.add({
    mailbox: "ann@corp.example",
    nth: 2,
    every: 3,
    count: Number.POSITIVE_INFINITY,
    effect: { answer: { status: 503 } },
  });
  const statuses: number[] = [];
  for (let n = 0; n < 6; n++) {
    statuses.push((await rig.call("GET", `${ann}/messages/${id}`)).status);
    expect((await rig.call("GET", "/users/bob@corp.example/messages")).status).toBe(200);
  }
  expect(statuses).toEqual([200, 503, 200, 200, 503, 200]);
});

test("an id with an escaped = is hit like one without", async () => {
  rig.sandbox.faults.add({ path: `*/messages/${id}`, effect: { answer: { status: 404 } } });
  expect((await rig.call("GET", `${ann}/messages/${encodeURIComponent(id)}`)).status).toBe(404);
});

test("an answer of success without effect", async () => {
  rig.sandbox.faults.add({ path: "*/move", effect: { answer: { status: 201, body: { id } } } });
  expect((await move()).status).toBe(201);
  expect(folder()).toBe("sentitems");
});

test("a request held before has not taken effect, one held after has", async () => {
  const before = rig.sandbox.faults.add({ path: "*/move", effect: { hold: "before" } });
  const first = move();
  await before.arrived();
  expect(folder()).toBe("sentitems");
  before.release();
  expect((await first).status).toBe(201);

  const after = rig.sandbox.faults.add({ method: "DELETE", path: "*", effect: { hold: "after" } });
  const second = rig.call("DELETE", `${ann}/messages/${id}`);
  await after.arrived();
  await expect.poll(folder).toBe("deleteditems");
  after.release();
  expect((await second).status).toBe(204);
});

test("a connection cut before leaves things as they were, one cut after does not", async () => {
  rig.sandbox.faults.add({ path: "*/move", effect: { reset: "before" } });
  await expect(move()).rejects.toThrow();
  expect(folder()).toBe("sentitems");
  rig.sandbox.faults.add({ path: "*/move", effect: { reset: "after" } });
  await expect(move()).rejects.toThrow();
  expect(folder()).toBe("archive");
  expect(rig.sandbox.requests.filter((seen) => seen.path.endsWith("/move")).map((seen) => seen.status)).toEqual([
    null,
    null,
  ]);
});

test.each([{ reset: "mid-body" } as const, { shortBy: 5 }])(
  "a body that breaks off is an error for the client: %j",
  async (effect) => {
    rig.sandbox.faults.add({ path: "*/$value", effect });
    await expect(rig.call("GET", `${ann}/messages/${id}/$value`)).rejects.toThrow();
    expect((await rig.call("GET", `${ann}/messages/${id}/$value`)).bytes.equals(mimeOf())).toBe(true);
  },
);

test("a dripping body arrives whole", async () => {
  rig.sandbox.faults.add({ path: "*/$value", effect: { drip: { bytes: 40, everyMs: 1 } } });
  expect((await rig.call("GET", `${ann}/messages/${id}/$value`)).bytes.equals(mimeOf())).toBe(true);
});

test("the token endpoint can be spoiled as well", async () => {
  rig.sandbox.faults.add({ path: "*/oauth2/v2.0/token", effect: { answer: { status: 503 } } });
  const response = await fetch(`${rig.sandbox.loginUrl}/${rig.sandbox.tenantId}/oauth2/v2.0/token`, { method: "POST" });
  expect(response.status).toBe(503);
});

test("closing the sandbox lets go of what is held", async () => {
  const fault = rig.sandbox.faults.add({ path: "*/move", effect: { hold: "before" } });
  const held = move().then(
    () => "answered",
    () => "cut",
  );
  await fault.arrived();
  await rig.sandbox.close();
  expect(["answered", "cut"]).toContain(await held);
});
