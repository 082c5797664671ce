import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isPosternError } from "../../../src/core/errors.ts";
import type { MessageRef } from "../../../src/core/message.ts";
import { sampleMail } from "../../contract/connector-harness.ts";
import { meet, PEOPLE, startTestTenant, TENANT_ID, type TestTenant } from "./support/tenant.ts";

const { signal } = new AbortController();
const SECRET_SUBJECT = "falcon merger 4111111111111111";

describe("calls to Microsoft Graph", () => {
  let tenant: TestTenant;
  let ref: MessageRef;

  beforeEach(async () => {
    tenant = await startTestTenant();
    const mime = sampleMail(PEOPLE.sender, [PEOPLE.outsider], "<client-1@x.example>", SECRET_SUBJECT);
    const { messageId } = await tenant.sandbox.send(PEOPLE.sender, mime);
    ref = { provider: "microsoft", tenantId: TENANT_ID, mailbox: PEOPLE.sender, messageId: messageId ?? "" };
    await tenant.connector.directory(signal);
  });
  afterEach(async () => {
    await tenant.close();
  });

  const fetched = () => tenant.connector.fetch(ref, signal);
  const calls = (path: RegExp) => tenant.sandbox.requests.filter((seen) => path.test(seen.path)).length;

  it("carry a bearer token and ask for immutable ids, each of them", async () => {
    await fetched();
    const toGraph = tenant.sandbox.requests.filter((seen) => seen.path.startsWith("/v1.0/"));
    expect(toGraph.length).toBeGreaterThan(3);
    for (const { headers } of toGraph) {
      expect(headers.authorization).toMatch(/^Bearer/);
      expect(headers.prefer).toContain('IdType="ImmutableId"');
    }
  });

  it("are repeated when reading met a passing failure", async () => {
    meet(tenant.sandbox, { path: "*/messages/*" }, { answer: { status: 503, retryAfter: 0.01 } });
    meet(tenant.sandbox, { path: "*/$value" }, { reset: "mid-body" });
    expect((await fetched()).mime.length).toBeGreaterThan(100);
  });

  it("never pass off a body that ends early as the message", async () => {
    meet(tenant.sandbox, { path: "*/$value", count: Number.POSITIVE_INFINITY }, { shortBy: 5 });
    await expect(fetched()).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
  });

  it("are not repeated on the spot when they change something and nobody knows the outcome", async () => {
    meet(tenant.sandbox, { path: "*/move" }, { answer: { status: 504 } });
    const action = {
      id: "a",
      kind: "quarantine",
      ref,
      stage: "sent",
      internetMessageId: null,
      target: PEOPLE.sender,
      attempts: 0,
    } as const;
    await expect(tenant.connector.perform(action, signal)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    expect(calls(/\/move$/)).toBe(1);
  });

  it("keep to a long rest that Graph asked for, without a call before it is over", async () => {
    meet(
      tenant.sandbox,
      { path: "*/messages/*" },
      { answer: { status: 429, code: "ApplicationThrottled", retryAfter: 20.5 } },
    );
    await expect(fetched()).rejects.toMatchObject({
      code: "PROVIDER_THROTTLED",
      retry: { afterMs: 20_500 },
      counts: false,
    });
    const before = tenant.sandbox.requests.length;
    await expect(fetched()).rejects.toMatchObject({ code: "PROVIDER_THROTTLED" });
    expect(tenant.sandbox.requests).toHaveLength(before);
  });

  it("stay under the mailbox's limit of four at a time for forty messages at once", async () => {
    tenant.sandbox.quirks.latencyMs = 5;
    const all = await Promise.all(
      Array.from({ length: 40 }, () => tenant.connector.fetch(ref, new AbortController().signal)),
    );
    expect(all).toHaveLength(40);
    expect(tenant.sandbox.meters.mailbox(PEOPLE.sender)).toMatchObject({ refused: 0, peak: 3 });
  });

  it("get a new token after 401 and go on", async () => {
    tenant.sandbox.revokeTokens();
    expect((await fetched()).isDraft).toBe(false);
    expect(calls(/\/token$/)).toBe(2);
  });

  it("end as unauthorized without a storm when every token is rejected", async () => {
    meet(tenant.sandbox, { path: "/v1.0/*", count: Number.POSITIVE_INFINITY }, { answer: { status: 401 } });
    for (let round = 0; round < 5; round += 1) {
      await expect(fetched()).rejects.toMatchObject({ code: "PROVIDER_UNAUTHORIZED", counts: false });
    }
    expect(calls(/\/token$/)).toBe(2);
  });

  it("follow no redirect and no link to another host", async () => {
    meet(
      tenant.sandbox,
      { path: "*/$value" },
      { answer: { status: 302, headers: { location: `${tenant.notificationUrl}/stolen` } } },
    );
    await expect(fetched()).rejects.toMatchObject({ code: "PROVIDER_REFUSED" });
    const body = { value: [], "@odata.nextLink": `${tenant.notificationUrl}/v1.0/users` };
    meet(tenant.sandbox, { path: "*/delta" }, { answer: { status: 200, body } });
    const request = { mailbox: PEOPLE.sender, stage: "sent", cursor: undefined, since: new Date() } as const;
    await expect(tenant.connector.changes(request, signal)).rejects.toMatchObject({ code: "PROVIDER_REFUSED" });
    expect(tenant.pushed).toEqual([]);
  });

  it("never go out for an id that could not be one", async () => {
    await fetched();
    const before = tenant.sandbox.requests.length;
    for (const messageId of ["../../users", "https://evil.example/", "a/b", ""]) {
      await expect(tenant.connector.fetch({ ...ref, messageId }, signal)).rejects.toMatchObject({
        code: "MESSAGE_NOT_FOUND",
      });
    }
    expect(tenant.sandbox.requests).toHaveLength(before);
  });

  it("fail without a word of the content, a token or the server's text", async () => {
    const answer = { status: 400, code: "ErrorInvalidRequest", message: `Cannot read ${SECRET_SUBJECT}` };
    meet(tenant.sandbox, { path: "*/messages/*" }, { answer });
    const failure: unknown = await fetched().catch((error: unknown) => error);
    expect(isPosternError(failure, "PROVIDER_REFUSED")).toBe(true);
    const told = `${String(failure)} ${JSON.stringify(failure)} ${failure instanceof Error ? String(failure.cause) : ""}`;
    for (const secret of ["falcon", "4111", "Bearer", tenant.sandbox.clientSecret]) expect(told).not.toContain(secret);
  });

  it("say that an answer cannot be read instead of guessing", async () => {
    meet(tenant.sandbox, { path: "*/messages/*", count: 3 }, { answer: { status: 200, body: "<html>proxy</html>" } });
    await expect(fetched()).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE", details: { call: "fetch-message" } });
  });
});
