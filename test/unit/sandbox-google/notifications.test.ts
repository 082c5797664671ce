import { createPublicKey, verify } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { GoogleSandbox } from "../../../connectors/sandbox/google/sandbox.ts";
import { ANN, BOB, type Caller, caller, gmailAs, type Json, mail, startWithPeople, text, tokenFor } from "./client.ts";

let sandbox: GoogleSandbox;
let gmail: Caller;
let pubsub: Caller;
let now: Date;
beforeEach(async () => {
  now = new Date();
  sandbox = await startWithPeople({ clock: () => now });
  await renewTokens();
});
afterEach(async () => {
  await sandbox.close();
});

const renewTokens = async (): Promise<void> => {
  gmail = await gmailAs(sandbox, ANN, "gmail.metadata", now);
  pubsub = caller(sandbox.pubsubUrl, await tokenFor(sandbox, null, "pubsub", now));
};

const later = (ms: number): void => {
  now = new Date(now.getTime() + ms);
};

const watch = (more: object = {}): ReturnType<Caller> =>
  gmail("POST", "/watch", {
    topicName: sandbox.topicName,
    labelIds: ["SENT"],
    labelFilterBehavior: "include",
    ...more,
  });

const pullMessages = async (): Promise<readonly Json[]> => {
  const { body } = await pubsub("POST", `/v1/${sandbox.subscriptionName}:pull`, {
    maxMessages: 100,
    returnImmediately: true,
  });
  return [...(body.receivedMessages ?? [])];
};

const decode = (data: Json | undefined): unknown => JSON.parse(Buffer.from(text(data), "base64").toString());

const acknowledge = (received: readonly Json[]): ReturnType<Caller> =>
  pubsub("POST", `/v1/${sandbox.subscriptionName}:acknowledge`, {
    ackIds: received.map(({ ackId }) => text(ackId)),
  });

/** Pulls and acknowledges; gives what the events say. */
const drain = async (): Promise<unknown[]> => {
  const received = await pullMessages();
  if (received.length > 0) await acknowledge(received);
  return received.map(({ message }) => decode(message?.data));
};

describe("users.watch", () => {
  it("answers strings, seven days ahead, and sends one notification at once", async () => {
    const { body } = await watch();
    expect(body).toEqual({ historyId: sandbox.historyId(ANN), expiration: `${now.getTime() + 7 * 86_400_000}` });
    expect(await drain()).toEqual([{ emailAddress: ANN, historyId: Number(sandbox.historyId(ANN)) }]);
  });

  it("notifies of what concerns the wanted labels only", async () => {
    await watch();
    await drain();
    await sandbox.send(BOB, mail({ From: BOB, To: ANN }));
    expect(await drain()).toEqual([]);
    await sandbox.send(ANN, mail());
    expect(await drain()).toHaveLength(1);
  });

  it("lets everything through when the filter has no behaviour", async () => {
    await gmail("POST", "/watch", { topicName: sandbox.topicName, labelIds: ["SENT"] });
    await drain();
    await sandbox.send(BOB, mail({ From: BOB, To: ANN }));
    expect(await drain()).toHaveLength(1);
  });

  it("ends after seven days, at stop, and when it is expired by hand", async () => {
    await watch();
    later(7 * 86_400_000);
    await sandbox.send(ANN, mail());
    await renewTokens();
    expect(await drain()).toHaveLength(1);
    for (const end of [() => gmail("POST", "/stop"), async () => sandbox.expireWatch(ANN)]) {
      await watch();
      await end();
      await drain();
      await sandbox.send(ANN, mail());
      expect(await drain()).toEqual([]);
    }
  });

  it("refuses topics of other projects, missing ones, and those where Gmail may not publish", async () => {
    const wrong = await watch({ topicName: "projects/other/topics/postern" });
    expect([wrong.status, text(wrong.body.error?.message)]).toEqual([
      400,
      expect.stringContaining("Invalid topicName"),
    ]);
    const missing = `projects/${sandbox.pubsub.project}/topics/missing`;
    expect((await watch({ topicName: missing })).status).toBe(404);
    await pubsub("PUT", `/v1/${missing}`, {});
    const refused = await watch({ topicName: missing });
    expect(refused.body.error).toMatchObject({ code: 403, errors: [{ reason: "forbidden" }] });
  });

  it("allows one topic for each person until stop", async () => {
    await watch();
    const other = `projects/${sandbox.pubsub.project}/topics/other`;
    await pubsub("PUT", `/v1/${other}`, {});
    const policy = await pubsub("GET", `/v1/${sandbox.topicName}:getIamPolicy`);
    await pubsub("POST", `/v1/${other}:setIamPolicy`, { policy: policy.body });
    expect((await watch({ topicName: other })).status).toBe(400);
    await gmail("POST", "/stop");
    expect((await watch({ topicName: other })).status).toBe(200);
    expect((await watch({ topicName: other })).status).toBe(200);
  });
});

describe("tampering with notifications", () => {
  it("can switch them off, drop, repeat, hold back and shuffle them", async () => {
    await watch();
    await drain();
    const { settings } = sandbox.notifications;
    settings.off = true;
    await sandbox.send(ANN, mail());
    settings.off = false;
    settings.drop = ({ address }) => address === ANN;
    await sandbox.send(ANN, mail());
    settings.drop = null;
    expect(await drain()).toEqual([]);
    settings.copies = 2;
    sandbox.notifications.hold();
    const ids: number[] = [];
    for (let index = 0; index < 3; index += 1) {
      await sandbox.send(ANN, mail());
      ids.push(Number(sandbox.historyId(ANN)));
    }
    expect(await drain()).toEqual([]);
    sandbox.notifications.flush("reversed");
    const [a, b, c] = ids.map((historyId) => ({ emailAddress: ANN, historyId }));
    expect(await drain()).toEqual([c, c, b, b, a, a]);
  });

  it("drops what exceeds one event a second for one person when the cap is on", async () => {
    await watch();
    sandbox.notifications.settings.capPerSecond = true;
    later(1_000);
    await drain();
    for (let index = 0; index < 3; index += 1) await sandbox.send(ANN, mail());
    later(1_000);
    await sandbox.send(ANN, mail());
    expect(await drain()).toHaveLength(2);
  });

  it("can publish stale ids, and ids as the strings that the documentation promises", async () => {
    sandbox.notifications.settings.historyIdAs = "string";
    sandbox.notifications.publish(ANN, "203");
    expect(await drain()).toEqual([{ emailAddress: ANN, historyId: "203" }]);
  });
});

describe("Pub/Sub", () => {
  it("delivers again what was not acknowledged in time", async () => {
    sandbox.notifications.publish(ANN);
    const first = await pullMessages();
    expect(first).toHaveLength(1);
    expect(await pullMessages()).toEqual([]);
    later(61_000);
    const second = await pullMessages();
    expect(second[0]?.message).toEqual(first[0]?.message);
    expect(second[0]?.ackId).not.toBe(first[0]?.ackId);
    await acknowledge(second);
    later(61_000);
    expect(await pullMessages()).toEqual([]);
  });

  it("wakes a waiting pull when something is published", async () => {
    const waiting = pubsub("POST", `/v1/${sandbox.subscriptionName}:pull`, { maxMessages: 10 });
    await vi.waitUntil(() =>
      sandbox.requests.some(({ operation }) => operation === "pubsub.projects.subscriptions.pull"),
    );
    sandbox.notifications.publish(ANN);
    expect([...((await waiting).body.receivedMessages ?? [])]).toHaveLength(1);
  });

  it("deletes a subscription that nobody used for 31 days, unless it never expires", async () => {
    const name = `projects/${sandbox.pubsub.project}/subscriptions/idle`;
    const created = await pubsub("PUT", `/v1/${name}`, { topic: sandbox.topicName });
    expect(created.body).toMatchObject({ ackDeadlineSeconds: 10, expirationPolicy: { ttl: "2678400s" } });
    later(32 * 86_400_000);
    await renewTokens();
    expect((await pubsub("GET", `/v1/${name}`)).status).toBe(404);
    expect((await pubsub("GET", `/v1/${sandbox.subscriptionName}`)).body.expirationPolicy).toEqual({});
    sandbox.notifications.expireSubscription();
    const gone = await pubsub("POST", `/v1/${sandbox.subscriptionName}:pull`, { maxMessages: 1 });
    expect(gone.body.error).toMatchObject({ code: 404, status: "NOT_FOUND" });
    expect(gone.body.error?.errors).toBeUndefined();
  });

  it("answers 403 without the permission, and to people", async () => {
    sandbox.permissions.delete("pubsub.topics.getIamPolicy");
    expect((await pubsub("GET", `/v1/${sandbox.topicName}:getIamPolicy`)).status).toBe(403);
    expect((await pubsub("GET", `/v1/${sandbox.topicName}`)).status).toBe(200);
  });

  it("refuses to push anywhere but to loopback", async () => {
    const path = `/v1/${sandbox.subscriptionName}:modifyPushConfig`;
    const reply = await pubsub("POST", path, { pushConfig: { pushEndpoint: "https://out.example/hook" } });
    expect(reply.status).toBe(400);
  });
});

describe("push delivery", () => {
  it("posts with a signed OIDC token until the answer is an acknowledgement", async () => {
    const seen: { readonly authorization: string; readonly body: Json }[] = [];
    const statuses = [500, 204];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        seen.push({ authorization: request.headers.authorization ?? "", body: JSON.parse(body) as Json });
        response.writeHead(statuses[seen.length - 1] ?? 204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/google`;
    const serviceAccount = "push@postern-sandbox.iam.gserviceaccount.com";
    sandbox.notifications.pushTo({ url, audience: "postern", serviceAccount });
    sandbox.notifications.publish(ANN, "77");
    await vi.waitUntil(() => sandbox.notifications.attempts.length === 2);
    server.close();

    expect(sandbox.notifications.attempts.map(({ status }) => status)).toEqual([500, 204]);
    expect(seen[0]?.body).toEqual(seen[1]?.body);
    expect(seen[0]?.body.subscription).toBe(sandbox.subscriptionName);
    expect(decode(seen[0]?.body.message?.data)).toEqual({ emailAddress: ANN, historyId: 77 });
    const [head = "", claims = "", signature = ""] = (seen[0]?.authorization ?? "").replace("Bearer ", "").split(".");
    const { kid } = JSON.parse(Buffer.from(head, "base64url").toString()) as { kid: string };
    const certs = (await (await fetch(`${sandbox.certsUrl}/oauth2/v3/certs`)).json()) as {
      keys: { kid: string; kty: string }[];
    };
    const jwk = certs.keys.find((key) => key.kid === kid);
    const key = createPublicKey({ key: { ...jwk }, format: "jwk" });
    expect(verify("sha256", Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, "base64url"))).toBe(true);
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      aud: "postern",
      email: serviceAccount,
      email_verified: true,
      iss: "https://accounts.google.com",
    });
  });

  it("can sign forged tokens", () => {
    const target = { url: "http://127.0.0.1/hook", serviceAccount: "push@x.iam.gserviceaccount.com" };
    const [, claims = ""] = sandbox.notifications.token(target, { email_verified: false }).split(".");
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      aud: target.url,
      email_verified: false,
    });
  });
});
