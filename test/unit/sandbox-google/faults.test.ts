import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GOOGLE_FAULTS, retryAfter } from "../../../connectors/sandbox/google/http/fault-presets.ts";
import type { GoogleSandbox } from "../../../connectors/sandbox/google/sandbox.ts";
import { ANN, type Caller, gmailAs, mail, startWithPeople, tokenFor } from "./client.ts";

let sandbox: GoogleSandbox;
let gmail: Caller;
let id: string;
beforeEach(async () => {
  sandbox = await startWithPeople();
  gmail = await gmailAs(sandbox, ANN);
  ({ id } = await sandbox.send(ANN, mail()));
});
afterEach(() => sandbox.close());

const trashed = (): boolean => sandbox.messages(ANN, { label: "TRASH" }).some((message) => message.id === id);
const trash = (): ReturnType<Caller> => gmail("POST", `/messages/${id}/trash`);

describe("faults", () => {
  it("answer instead of applying, as often as told, and only where they fit", async () => {
    const fault = sandbox.faults.add({
      match: { operation: "gmail.users.messages.trash", subject: ANN },
      times: 2,
      effect: GOOGLE_FAULTS.rateLimit,
    });
    expect((await gmail("GET", "/profile")).status).toBe(200);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect((await trash()).body.error).toMatchObject({ code: 403, errors: [{ reason: "rateLimitExceeded" }] });
    }
    expect([trashed(), fault.hits]).toEqual([false, 2]);
    expect((await trash()).status).toBe(200);
    expect(trashed()).toBe(true);
  });

  it("strike every third fitting request when told to", async () => {
    sandbox.faults.add({ match: { path: /\/profile/ }, every: 3, times: 9, effect: GOOGLE_FAULTS.backendError });
    const statuses: number[] = [];
    for (let call = 0; call < 6; call += 1) statuses.push((await gmail("GET", "/profile")).status);
    expect(statuses).toEqual([503, 200, 200, 503, 200, 200]);
  });

  it("name the end of a limit in the text, as Gmail does", async () => {
    sandbox.faults.add({ effect: retryAfter(new Date("2026-12-01T00:00:00Z")) });
    const reply = await gmail("GET", "/profile");
    expect([reply.status, reply.body.error?.message]).toEqual([
      429,
      "User-rate limit exceeded.  Retry after 2026-12-01T00:00:00.000Z",
    ]);
  });

  it("hold a request before anything is applied, until released", async () => {
    const fault = sandbox.faults.add({ match: { method: "POST" }, effect: { kind: "hold" } });
    const pending = trash();
    await fault.arrived();
    expect(trashed()).toBe(false);
    fault.release();
    expect((await pending).status).toBe(200);
    expect(trashed()).toBe(true);
  });

  it("forget a held request whose caller hangs up", async () => {
    const hangUp = new AbortController();
    const headers = { authorization: `Bearer ${await tokenFor(sandbox, ANN, "gmail.modify")}` };
    const held = sandbox.faults.add({ match: { path: /trash/ }, effect: { kind: "hold" } });
    const url = `${sandbox.gmailUrl}/gmail/v1/users/me/messages/${id}/trash`;
    const pending = fetch(url, { method: "POST", headers, signal: hangUp.signal });
    await held.arrived();
    hangUp.abort();
    await expect(pending).rejects.toThrow();
    // Another request answered afterwards shows that the server has moved on.
    expect((await gmail("GET", "/profile")).status).toBe(200);
    held.release();
    expect((await gmail("GET", "/profile")).status).toBe(200);
    expect([trashed(), held.hits]).toEqual([false, 1]);
  });

  it("apply a request and withhold the answer", async () => {
    const fault = sandbox.faults.add({ match: { method: "POST" }, effect: { kind: "withhold" } });
    const pending = trash();
    await vi.waitUntil(trashed);
    expect(sandbox.requests.at(-1)?.operation).toBe("gmail.users.messages.trash");
    fault.release();
    expect((await pending).status).toBe(200);
  });

  it("cut the connection before or after the request is applied", async () => {
    sandbox.faults.add({ match: { method: "POST" }, effect: { kind: "reset", when: "before" } });
    await expect(trash()).rejects.toThrow();
    expect(trashed()).toBe(false);
    sandbox.faults.add({ match: { method: "POST" }, effect: { kind: "reset", when: "after", bytes: 5 } });
    await expect(trash()).rejects.toThrow();
    expect(trashed()).toBe(true);
  });

  it("send less than was promised, or a little at a time", async () => {
    sandbox.faults.add({ effect: { kind: "short-body" } });
    await expect(gmail("GET", "/profile")).rejects.toThrow();
    sandbox.faults.add({ effect: { kind: "drip", bytes: 20, everyMs: 1 } });
    expect((await gmail("GET", "/profile")).body.emailAddress).toBe(ANN);
  });

  it("strike the token endpoint and Pub/Sub too, with bodies of their own", async () => {
    const body = { error: "invalid_grant", error_description: "Token has been revoked" };
    sandbox.faults.add({ match: { service: "oauth" }, effect: { kind: "status", status: 400, body } });
    const reply = await fetch(sandbox.tokenUrl, { method: "POST" });
    expect([reply.status, await reply.json()]).toEqual([400, body]);
  });
});

describe("what was seen", () => {
  it("is told before it is applied, with caller, scopes and bytes", async () => {
    const seen: string[] = [];
    const watched = await startWithPeople({
      onRequest: ({ operation, status }) => seen.push(`${operation} ${status}`),
    });
    const call = await gmailAs(watched, ANN, "gmail.labels");
    await call("POST", "/labels", { name: "Postern" });
    expect(seen).toEqual(["oauth2.token null", "gmail.users.labels.create null"]);
    expect(watched.requests.at(-1)).toMatchObject({
      subject: ANN,
      scopes: ["https://www.googleapis.com/auth/gmail.labels"],
      body: Buffer.from('{"name":"Postern"}'),
      status: 200,
    });
    await watched.close();
  });
});

describe("meters", () => {
  it("count calls and quota units by both price lists", async () => {
    await gmail("GET", `/messages/${id}?format=raw`);
    await trash();
    await gmail("GET", "/profile");
    const { meters } = sandbox;
    expect([meters.units("legacy", ANN), meters.units("current", ANN), meters.units("current")]).toEqual([11, 41, 41]);
    expect(meters.calls("gmail.users.messages.get")).toBe(1);
  });

  it("tell how many requests of one person were under way, and refuse more than the limit", async () => {
    const fault = sandbox.faults.add({ times: 3, effect: { kind: "hold" } });
    sandbox.meters.limits.concurrentPerUser = 3;
    const held = [1, 2, 3].map(() => gmail("GET", "/profile"));
    await fault.arrived(3);
    const fourth = await gmail("GET", "/profile");
    expect([fourth.status, fourth.body.error?.message]).toEqual([429, "Too many concurrent requests for user"]);
    fault.release();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(sandbox.meters.peak(ANN)).toBe(4);
  });

  it("refuse what exceeds the units of a minute", async () => {
    sandbox.meters.limits.unitsPerMinutePerUser = 40;
    const read = (): ReturnType<Caller> => gmail("GET", `/messages/${id}?format=minimal`);
    expect([(await read()).status, (await read()).status]).toEqual([200, 200]);
    expect((await read()).body.error).toMatchObject({ code: 403, errors: [{ reason: "rateLimitExceeded" }] });
  });
});
