import { afterEach, beforeEach, expect, test } from "vitest";
import { type Hook, mimeOf, type Rig, startHook, startRig } from "./graph-client.ts";

let rig: Rig;
let hook: Hook;
let clock: Date;
beforeEach(async () => {
  clock = new Date("2026-11-30T12:00:00Z");
  rig = await startRig({ clock: () => clock });
  hook = await startHook();
});
afterEach(async () => {
  await rig.close();
  await hook.close();
});

const minutesFromNow = (minutes: number) => new Date(clock.getTime() + minutes * 60_000).toISOString();

function wanted(change: object = {}): object {
  return {
    changeType: "created",
    notificationUrl: hook.url,
    resource: "users/ann@corp.example/mailFolders('sentitems')/messages",
    expirationDateTime: minutesFromNow(60),
    clientState: "secret",
    ...change,
  };
}

const subscribe = (change: object = {}, headers: Record<string, string> = {}) =>
  rig.call("POST", "/subscriptions", { body: wanted(change), headers });

const send = (id = "<m1@corp.example>") => rig.sandbox.send("ann@corp.example", mimeOf({ id }));

const ids = () => hook.received.map((one) => (one.resourceData as { id: string }).id);

test("both addresses are validated with an encoded token in a text/plain request", async () => {
  const { status } = await subscribe({ notificationUrl: `${hook.url}?a=1`, lifecycleNotificationUrl: hook.url });
  expect(status).toBe(201);
  expect(hook.validations).toHaveLength(2);
  expect(hook.validations[0]).toMatchObject({ type: expect.stringMatching(/^text\/plain/), body: "" });
  expect(hook.validations[0]?.url).toMatch(/\?a=1&validationToken=Validation%3A%20/);
});

test.each([
  ["an encoded token", (token: string) => ({ status: 200, type: "text/plain", body: encodeURIComponent(token) })],
  ["JSON", (token: string) => ({ status: 200, type: "application/json", body: JSON.stringify(token) })],
  ["another status", (token: string) => ({ status: 202, type: "text/plain", body: token })],
])("an endpoint that answers with %s gets no subscription", async (_, validate) => {
  const wrong = await startHook(validate);
  const { status, json } = await subscribe({ notificationUrl: wrong.url });
  await wrong.close();
  expect([status, json.error.code]).toEqual([400, "ValidationError"]);
  expect(rig.sandbox.subscriptions.size).toBe(0);
});

test("a notification names the message by the kind of id that the subscription asked for", async () => {
  await subscribe();
  await subscribe({ clientState: "two" }, { prefer: "" });
  const { messageId } = await send();
  await rig.sandbox.notifications.idle();
  const [message] = rig.sandbox.messages("ann@corp.example", "sentitems");
  expect(new Set(ids())).toEqual(new Set([messageId, message?.restId]));
  expect(hook.received[0]).toMatchObject({
    clientState: "secret",
    changeType: "created",
    tenantId: rig.sandbox.tenantId,
    resourceData: { "@odata.type": "#Microsoft.Graph.Message" },
  });
});

test("moves and changes of one's own are told to those who watch for them", async () => {
  await subscribe({ changeType: "created,updated,deleted" });
  const { messageId } = await send();
  await rig.call("PATCH", `/users/ann@corp.example/messages/${messageId}`, { body: { categories: ["A"] } });
  await rig.call("POST", `/users/ann@corp.example/messages/${messageId}/move`, { body: { destinationId: "archive" } });
  await rig.sandbox.notifications.idle();
  expect(hook.received.map((one) => one.changeType)).toEqual(["created", "updated", "deleted"]);
});

test("a subscription of the whole mailbox sees the Outbox id go and the sent id come", async () => {
  await subscribe({ resource: "users/ann@corp.example/messages", changeType: "created,deleted" }, { prefer: "" });
  await rig.sandbox.send("ann@corp.example", mimeOf(), { viaOutbox: true });
  await rig.sandbox.notifications.idle();
  expect(hook.received.map((one) => one.changeType)).toEqual(["created", "deleted", "created"]);
  const [first, , last] = ids();
  expect(first).not.toBe(last);
  expect((await rig.call("GET", `/users/ann@corp.example/messages/${first}`)).status).toBe(404);
  expect((await rig.call("GET", `/users/ann@corp.example/messages/${last}`)).status).toBe(200);
});

test("with a filter, entering it is created and leaving it is deleted", async () => {
  const resource = "users/ann@corp.example/messages?$filter=isRead eq false";
  await subscribe({ resource, changeType: "created,updated,deleted" });
  const { messageId } = rig.sandbox.put("ann@corp.example", "inbox", mimeOf());
  rig.sandbox.setRead("ann@corp.example", messageId, true);
  rig.sandbox.setRead("ann@corp.example", messageId, true);
  await rig.sandbox.notifications.idle();
  expect(hook.received.map((one) => one.changeType)).toEqual(["created", "deleted"]);
});

test("lives are limited, raised to 45 minutes, renewed, and end by themselves", async () => {
  expect((await subscribe({ expirationDateTime: minutesFromNow(10_081) })).status).toBe(400);
  const { json } = await subscribe({ expirationDateTime: minutesFromNow(5) });
  expect(json.expirationDateTime).toBe("2026-11-30T12:45:00Z");
  const path = `/subscriptions/${json.id}`;
  const renewed = await rig.call("PATCH", path, { body: { expirationDateTime: minutesFromNow(90) } });
  expect(renewed.json.expirationDateTime).toBe("2026-11-30T13:30:00Z");
  clock = new Date("2026-11-30T13:30:01Z");
  expect((await rig.call("PATCH", path, { body: { expirationDateTime: minutesFromNow(90) } })).status).toBe(404);
  await send();
  await rig.sandbox.notifications.idle();
  expect(hook.received).toEqual([]);
});

test("a tenant with the older limit refuses seven days and takes 4,230 minutes", async () => {
  rig.sandbox.quirks.maxSubscriptionMinutes = 4230;
  expect((await subscribe({ expirationDateTime: minutesFromNow(10_070) })).status).toBe(400);
  expect((await subscribe({ expirationDateTime: minutesFromNow(4200) })).status).toBe(201);
});

test("a mailbox has room for so many subscriptions and no more", async () => {
  rig.sandbox.quirks.maxSubscriptionsPerMailbox = 1;
  await subscribe();
  expect((await subscribe()).status).toBe(403);
  expect((await subscribe({ resource: "users/bob@corp.example/messages" })).status).toBe(201);
});

test.each(["users/ann@corp.example/events", "me/messages", "users/nobody@corp.example/messages"])(
  "nothing watches %s",
  async (resource) => {
    expect((await subscribe({ resource })).status).toBeGreaterThanOrEqual(400);
  },
);

test("subscriptions are listed, read, reauthorized and deleted", async () => {
  const { json } = await subscribe();
  expect((await rig.call("GET", "/subscriptions")).json.value).toHaveLength(1);
  expect((await rig.call("POST", `/subscriptions/${json.id}/reauthorize`)).status).toBe(204);
  expect((await rig.call("DELETE", `/subscriptions/${json.id}`)).status).toBe(204);
  expect((await rig.call("GET", `/subscriptions/${json.id}`)).status).toBe(404);
});

test("a refused notification comes again until it is taken", async () => {
  rig.sandbox.notifications.retryMs = 1;
  await subscribe();
  hook.statuses.push(503, 500);
  const { messageId } = await send();
  await rig.sandbox.notifications.idle();
  expect(ids()).toEqual([messageId]);
  expect(rig.sandbox.notifications.sent.map((batch) => [batch.attempt, batch.status])).toEqual([
    [1, 503],
    [2, 500],
    [3, 202],
  ]);
});

test("notifications can be dropped, doubled, put in another order, or switched off", async () => {
  const { notifications } = rig.sandbox;
  await subscribe();
  notifications.copies = (_, index) => index % 3;
  notifications.reorder = true;
  notifications.random = () => 0;
  const sent: (string | null)[] = [];
  for (let n = 0; n < 3; n++) sent.push((await send(`<${n}@x>`)).messageId);
  await notifications.idle();
  expect(ids()).toHaveLength(3);
  expect(new Set(ids())).toEqual(new Set([sent[1], sent[2]]));
  expect(ids()).not.toEqual([sent[1], sent[2], sent[2]]);
  notifications.on = false;
  await send("<lost@x>");
  await notifications.idle();
  expect(ids()).toHaveLength(3);
});

test("what happens while a batch waits goes into the same POST", async () => {
  rig.sandbox.notifications.delayMs = 20;
  await subscribe();
  for (let n = 0; n < 5; n++) await send(`<${n}@x>`);
  await rig.sandbox.notifications.idle();
  expect(rig.sandbox.notifications.sent.map((batch) => batch.value.length)).toEqual([5]);
});

test("lifecycle notifications go to their own address and name the subscription", async () => {
  const lifecycle = await startHook();
  const { json } = await subscribe({ lifecycleNotificationUrl: lifecycle.url });
  rig.sandbox.lifecycle("missed");
  rig.sandbox.removeSubscription(json.id);
  await rig.sandbox.notifications.idle();
  const events = lifecycle.received.map((one) => [one.lifecycleEvent, one.subscriptionId, one.clientState]);
  await lifecycle.close();
  expect(events).toEqual([
    ["missed", json.id, "secret"],
    ["subscriptionRemoved", json.id, "secret"],
  ]);
  expect(hook.received).toEqual([]);
  expect((await rig.call("GET", `/subscriptions/${json.id}`)).status).toBe(404);
});
