import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { PlannedAction } from "../../../src/core/action.ts";
import { type Answers, aRef, type GoogleStub, googleError, never, openAgainst, startStub } from "./google-answers.ts";

const raw = {
  id: "m1",
  labelIds: ["SENT"],
  internalDate: 1_764_000_000_000,
  raw: Buffer.from("a: b\r\n\r\n\xff?>", "latin1").toString("base64url"),
};

let stub: GoogleStub;
afterEach(() => stub.close());

const gmailCalls = () => stub.asked.filter(({ path }) => path.includes("/gmail/"));

async function fetchFrom(answers: Answers) {
  stub = await startStub((asked) => (asked.path.includes("/messages") ? answers(asked) : undefined));
  const { connector } = openAgainst(stub.url);
  return (signal = never) => connector.fetch(aRef("m1"), signal);
}

describe("a call", () => {
  it("gives back the bytes as they are, and dates that come as numbers", async () => {
    const fetchIt = await fetchFrom(() => ({ json: raw }));
    const fetched = await fetchIt();
    expect(Buffer.from(fetched.mime).toString("latin1")).toBe("a: b\r\n\r\n\xff?>");
    expect(fetched).toMatchObject({ isDraft: false, recipients: [], at: new Date(1_764_000_000_000) });
  });

  it("keeps a path in the service's address", async () => {
    stub = await startStub(({ path }) =>
      path === "/google/gmail/v1/users/me/messages/m1" ? { json: raw } : undefined,
    );
    const { connector } = openAgainst(`${stub.url}/google`);
    expect((await connector.fetch(aRef("m1"), never)).isDraft).toBe(false);
  });

  it("is made again after a short trouble, three times at most", async () => {
    let failures = 2;
    const fetchIt = await fetchFrom(() => {
      failures -= 1;
      return failures >= 0 ? { drop: true } : { json: raw };
    });
    expect((await fetchIt()).isDraft).toBe(false);
    expect(gmailCalls()).toHaveLength(3);
    failures = 9;
    await expect(fetchIt()).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    expect(gmailCalls()).toHaveLength(6);
  });

  it("is not made before the time that Google stated, also with a 503", async () => {
    for (const status of [429, 503]) {
      const fetchIt = await fetchFrom(() => ({ status, headers: { "retry-after": "30" }, json: {} }));
      await expect(fetchIt()).rejects.toMatchObject({ code: "PROVIDER_THROTTLED" });
      const error: unknown = await fetchIt().catch((thrown: unknown) => thrown);
      const wait = (error as { readonly retry: { readonly afterMs: number } }).retry.afterMs;
      expect(wait).toBeGreaterThan(25_000);
      expect(gmailCalls()).toHaveLength(1);
      if (status === 429) await stub.close();
    }
  });

  it("follows no redirect, so that its token stays with Google", async () => {
    let visits = 0;
    const elsewhere = createServer((_request, response) => {
      visits += 1;
      response.end("{}");
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const { port } = elsewhere.address() as AddressInfo;
    try {
      const location = `http://127.0.0.1:${port}/`;
      const fetchIt = await fetchFrom(() => ({ status: 302, headers: { location }, json: {} }));
      await expect(fetchIt()).rejects.toMatchObject({ code: "PROVIDER_REFUSED" });
      expect(visits).toBe(0);
    } finally {
      await new Promise((resolve) => elsewhere.close(resolve));
    }
  });

  it("ends when told to while the answer is awaited, and after the connector was closed", async () => {
    const stop = new AbortController();
    stub = await startStub(async ({ path }) => {
      if (!path.includes("/messages/")) return undefined;
      stop.abort(new Error("stopped"));
      return await new Promise<undefined>(() => undefined);
    });
    const { connector } = openAgainst(stub.url);
    await expect(connector.fetch(aRef("m1"), stop.signal)).rejects.toThrow("stopped");
    connector.close();
    await expect(connector.fetch(aRef("m1"), never)).rejects.toThrow();
  });

  it("is refused when the answer is not what the description says", async () => {
    for (const json of [[], "text", { id: 7 }, { labelIds: ["SENT"] }]) {
      const fetchIt = await fetchFrom(() => ({ json }));
      await expect(fetchIt()).rejects.toMatchObject({
        code: "PROVIDER_REFUSED",
        details: { reason: "unexpected-answer" },
      });
      await stub.close();
    }
  });
});

describe("sending", () => {
  const notify: PlannedAction = {
    id: "a1",
    kind: "notify",
    ref: aRef("m1"),
    stage: "sent",
    internetMessageId: null,
    target: "bob@corp.example",
    attempts: 0,
    notice: { to: "bob@corp.example", subject: "x", text: "x", html: "x", headers: {} },
  };

  it("is never repeated blindly: not after silence, not after 5xx, not after a rate limit", async () => {
    const troubles = [
      { drop: true },
      { status: 500, json: googleError(500, "backendError", "Backend Error") },
      { status: 429, json: googleError(429, "rateLimitExceeded", "User-rate limit exceeded (Mail sending)") },
    ];
    for (const trouble of troubles) {
      stub = await startStub(({ path }) => (path.endsWith("/messages/send") ? trouble : undefined));
      const { connector } = openAgainst(stub.url);
      await expect(connector.perform(notify, never)).rejects.toMatchObject({
        code: expect.stringMatching(/UNAVAILABLE|THROTTLED/),
      });
      expect(gmailCalls()).toHaveLength(1);
      await stub.close();
    }
  });

  it("and every other change is refused in observe mode, without a request", async () => {
    stub = await startStub(() => undefined);
    const { connector } = openAgainst(stub.url, { mode: "observe" });
    for (const kind of ["label", "quarantine", "recall", "restore", "purge", "notify"] as const) {
      expect(await connector.perform({ ...notify, kind }, never)).toEqual({
        state: "not-possible",
        reason: "observe-mode",
      });
    }
    expect(stub.asked).toEqual([]);
  });
});
