import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readNotifications } from "../../../connectors/microsoft365/receive.ts";
import { sampleMail } from "../../contract/connector-harness.ts";
import { meet, PEOPLE, startTestTenant, type TestTenant } from "./support/tenant.ts";

const { signal } = new AbortController();
const MINUTE = 60_000;

describe("watching a folder", () => {
  let tenant: TestTenant;
  beforeEach(async () => {
    tenant = await startTestTenant();
  });
  afterEach(async () => {
    await tenant.close();
  });

  const request = (stage: "sent" | "draft" | "outbox" = "sent") => ({
    mailbox: PEOPLE.sender,
    stage,
    current: undefined,
    notificationUrl: tenant.notificationUrl,
    lifecycleUrl: `${tenant.notificationUrl}/lifecycle`,
    clientState: "state-1",
  });
  const bodyOf = (method: string) =>
    tenant.sandbox.requests
      .filter((seen) => seen.method === method && seen.path.startsWith("/v1.0/subscriptions"))
      .map((seen) => JSON.parse(seen.body.toString()));

  it("subscribes to the stage's folder for just under seven days, with both addresses", async () => {
    await tenant.connector.watch(request("sent"), signal);
    await tenant.connector.watch(request("draft"), signal);
    const [sent, draft] = bodyOf("POST");
    expect(sent).toMatchObject({
      changeType: "created",
      clientState: "state-1",
      notificationUrl: tenant.notificationUrl,
      lifecycleNotificationUrl: `${tenant.notificationUrl}/lifecycle`,
      resource: expect.stringMatching(/^users\/[^/]+\/mailFolders\('sentitems'\)\/messages$/),
    });
    const life = Date.parse(sent.expirationDateTime) - Date.now();
    expect(life).toBeGreaterThan(10_060 * MINUTE);
    expect(life).toBeLessThan(10_080 * MINUTE);
    expect(draft).toMatchObject({ changeType: "created,updated", resource: expect.stringContaining("('drafts')") });
  });

  it("asks for less where seven days are refused, and keeps what the service granted", async () => {
    tenant.sandbox.quirks.maxSubscriptionMinutes = 4_230;
    const watch = await tenant.connector.watch(request(), signal);
    expect(bodyOf("POST")).toHaveLength(2);
    const [granted] = tenant.sandbox.subscriptions.values();
    // The service writes whole seconds.
    expect(watch.expiresAt).toEqual(new Date(Math.floor(Number(granted?.expiresAt ?? 0) / 1_000) * 1_000));
    const renewed = await tenant.connector.watch({ ...request(), current: watch }, signal);
    expect(renewed).toMatchObject({ id: watch.id, created: false });
    expect(bodyOf("POST")).toHaveLength(2);
  });

  it("makes another subscription when the old one is gone", async () => {
    const watch = await tenant.connector.watch(request(), signal);
    tenant.sandbox.removeSubscription(watch.id, { silently: true });
    const again = await tenant.connector.watch({ ...request(), current: watch }, signal);
    expect(again.created).toBe(true);
    expect(again.id).not.toBe(watch.id);
  });

  it("leaves no second one behind when a renewal is refused", async () => {
    const watch = await tenant.connector.watch(request(), signal);
    meet(tenant.sandbox, { method: "PATCH", count: 2 }, { answer: { status: 400, code: "InvalidRequest" } });
    const again = await tenant.connector.watch({ ...request(), current: watch }, signal);
    expect([...tenant.sandbox.subscriptions.keys()]).toEqual([again.id]);
  });

  it("does not take an outage for a lost subscription", async () => {
    const watch = await tenant.connector.watch(request(), signal);
    meet(tenant.sandbox, { method: "PATCH" }, { answer: { status: 503 } });
    await expect(tenant.connector.watch({ ...request(), current: watch }, signal)).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
    });
    expect(tenant.sandbox.subscriptions.size).toBe(1);
  });

  it("says that the mailbox is not there", async () => {
    tenant.sandbox.addUser({ address: "new@contoso.example", displayName: "New", usable: false });
    const watching = tenant.connector.watch({ ...request(), mailbox: "new@contoso.example" }, signal);
    await expect(watching).rejects.toMatchObject({ code: "MAILBOX_UNAVAILABLE", retry: "never" });
  });

  it("hears of a sent mail by an id that can be fetched", async () => {
    const watch = await tenant.connector.watch(request(), signal);
    const mime = sampleMail(PEOPLE.sender, [PEOPLE.outsider], "<watch-1@x.example>");
    const { messageId } = await tenant.sandbox.send(PEOPLE.sender, mime);
    await tenant.sandbox.notifications.idle();
    const [body = new Uint8Array()] = tenant.pushed;
    expect(readNotifications({ headers: {}, body })).toEqual({
      ok: true,
      hints: [{ kind: "message", watchId: watch.id, secret: "state-1", tenant: tenant.sandbox.tenantId, messageId }],
    });
    tenant.sandbox.lifecycle("missed");
    await tenant.sandbox.notifications.idle();
    expect(readNotifications({ headers: {}, body: tenant.pushed[1] ?? new Uint8Array() })).toMatchObject({
      hints: [{ kind: "lifecycle", event: "missed", watchId: watch.id }],
    });
  });
});
