import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMIN_TOKEN, type FlowService, startFlowService } from "../support/flow-service.ts";

interface Operation {
  readonly path: string;
  readonly method: string;
  /** Content types of its body; none when it takes no body. */
  readonly takes: readonly string[];
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const authorization = `Bearer ${ADMIN_TOKEN}`;

describe("the listener refuses", () => {
  let flow: FlowService;
  let url: string;
  let operations: readonly Operation[];
  beforeAll(async () => {
    flow = await startFlowService({});
    url = flow.service.url ?? "";
    const { body } = await flow.api.request("GET", "/api/openapi.json");
    operations = Object.entries(
      body.paths as Record<string, Record<string, { requestBody?: { content: object } }>>,
    ).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { requestBody }]) => ({
        path: path.replaceAll(/\{\w+\}/g, "x"),
        method: method.toUpperCase(),
        takes: Object.keys(requestBody?.content ?? {}),
      })),
    );
  });
  afterAll(() => flow.close());

  const send = async (method: string, path: string, headers: Record<string, string> = {}, body?: string) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  const problem = ({ headers, text }: Awaited<ReturnType<typeof send>>) => {
    expect(headers.get("content-type")).toContain("application/problem+json");
    return JSON.parse(text) as { status: number; detail: string; errors?: { path: string; reason: string }[] };
  };

  it("content types that a route does not take, with 415 and what it takes, on every route with a body", async () => {
    const withBody = operations.filter(({ takes }) => takes.length > 0);
    expect(withBody.length).toBeGreaterThan(10);
    for (const { method, path, takes } of withBody)
      for (const headers of [
        { "content-type": "text/plain" },
        { "content-type": "application/x-www-form-urlencoded" },
        { "content-type": "nonsense" },
        {},
      ]) {
        if (takes.includes(headers["content-type"] ?? "")) continue;
        const answer = await send(method, path, headers, "a=b");
        expect([method, path, answer.status]).toEqual([method, path, 415]);
        const { status, detail } = problem(answer);
        expect([status, takes.filter((type) => !detail.includes(type))]).toEqual([415, []]);
      }
    expect((await send("POST", "/api/v1/tenants", { "content-type": "message/rfc822" }, "From: a\r\n")).status).toBe(
      415,
    );
    expect((await send("POST", "/api/v1/scan", { "content-type": "application/yaml" }, "a: b")).status).toBe(415);
  });

  it("methods that an address does not take, with 405 and those that it takes, on every path", async () => {
    const taken = new Map<string, Set<string>>();
    // A word where others take an id (`/x/word` and `/x/:id`) takes the methods of both.
    const paths = new Set(operations.map(({ path }) => path));
    const hasSibling = (path: string) => !path.endsWith("/x") && paths.has(path.replace(/[^/]+$/, "x"));
    for (const { path, method } of operations.filter((operation) => !hasSibling(operation.path)))
      taken.set(path, (taken.get(path) ?? new Set()).add(method));
    for (const [path, methods] of [
      ...taken,
      ["/webhooks/microsoft", new Set(["POST"])] as const,
      ["/healthz", new Set(["GET"])] as const,
      ["/sign-out", new Set(["POST"])] as const,
    ])
      for (const method of METHODS.filter((candidate) => !methods.has(candidate))) {
        const answer = await send(method, path, { "content-type": "text/plain" }, method === "GET" ? undefined : "x");
        const allow = answer.headers.get("allow")?.split(", ") ?? [];
        expect([method, path, answer.status]).toEqual([method, path, 405]);
        expect(allow).toEqual(expect.arrayContaining([...methods]));
        expect(allow).not.toContain(method);
        expect(problem(answer).status).toBe(405);
      }
  });

  it("addresses that are not there with 404, whatever is sent to them", async () => {
    for (const method of METHODS) {
      const answer = await send(
        method,
        "/api/v1/nothing",
        { "content-type": "a/b" },
        method === "GET" ? undefined : "x",
      );
      expect(problem(answer).status).toBe(404);
    }
    expect((await fetch(`${url}/api/v1/messages`, { method: "DELETE" })).status).toBe(401);
  });

  it.each([
    ["/api/v1/messages?since=yesterday", "since: expected a time such as 2026-11-30T12:00:00Z or 2026-11-30"],
    ["/api/v1/incidents?until=", "until: expected a time such as"],
    ["/api/v1/ledger?since=2026-02-30", "since: expected a time such as"],
    ["/api/v1/events?since=5", "since: expected a time such as"],
    ["/api/v1/messages?limit=1e2", "limit: expected a whole number from 1 to 500, found a text that is none"],
    [
      "/api/v1/messages?verdict=bad",
      "verdict: expected one of allow, warn, must-encrypt, quarantine, block, found a text",
    ],
    ["/api/v1/messages?tenant=a&tenant=b", "tenant: expected text, found a list of 2"],
    ["/api/v1/events?dataset=x", "dataset: expected one of email_dlp_findings"],
    ["/api/v1/detectors?builtIn=perhaps", "builtIn: expected one of true, "],
    ["/api/v1/settings/effective", "sender: is missing; expected text"],
  ])("%s in a sentence that names the field", async (path, sentence) => {
    const answer = problem(await send("GET", path));
    expect(answer.detail).toMatch(/^[^\n]+$/);
    expect(answer.detail.startsWith(sentence)).toBe(true);
    expect(answer.errors).toHaveLength(1);
  });

  it("settings of a tenant with every fault, and none of their values", async () => {
    const secret = "S3CR3T-value";
    const body = {
      provider: "microsoft",
      name: 5,
      tenantId: secret,
      clientId: null,
      credential: { kind: "certificate", pem: secret },
      strange: secret,
    };
    const answer = await send("POST", "/api/v1/tenants", { "content-type": "application/json" }, JSON.stringify(body));
    expect(answer.text).not.toContain(secret);
    const { errors = [] } = problem(answer);
    expect(errors).toEqual(
      expect.arrayContaining([
        { path: "/name", reason: "expected text, found 5" },
        {
          path: "/tenantId",
          reason: expect.stringMatching(/^expected a GUID such as .*, found a text of 12 characters$/),
        },
        { path: "/clientId", reason: "expected text, found null" },
        { path: "/strange", reason: "there is no such field" },
      ]),
    );
    for (const { reason } of errors) expect(reason).not.toMatch(/invalid|input|Unrecognized/i);
  });

  it("JSON that is none, without quoting it", async () => {
    const answer = await send(
      "POST",
      "/api/v1/scan",
      { "content-type": "application/json" },
      '{"text": 4111111111111111x}',
    );
    expect(problem(answer)).toMatchObject({ status: 400, detail: "the body is not valid JSON" });
    expect(answer.text).not.toContain("4111");
  });

  describe("web hooks with a body that is too large", () => {
    const sizes = [1_048_577, 4_000_000, 12_000_000];
    const heads = {
      announced: (bytes: number) => `content-length: ${bytes}\r\n`,
      "in chunks": () => "transfer-encoding: chunked\r\n",
    };
    it.each(
      ["/webhooks/microsoft", "/webhooks/microsoft/lifecycle", "/webhooks/google"].flatMap((path) =>
        sizes.flatMap((bytes) => Object.keys(heads).map((how) => [path, bytes, how as keyof typeof heads] as const)),
      ),
    )("%s answers %i bytes %s to a sender who reads after he has written all", async (path, bytes, how) => {
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname);
      await once(socket, "connect");
      socket.pause();
      const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${heads[how](bytes)}\r\n`;
      const body = "x".repeat(bytes);
      const text = how === "announced" ? head + body : `${head}${bytes.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      await new Promise<void>((resolve, reject) => socket.write(text, (error) => (error ? reject(error) : resolve())));
      let answer = "";
      for await (const piece of socket) answer += String(piece);
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toMatch(/\r\nconnection: close\r\n/i);
      expect(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4))).toMatchObject({ status: 413 });
    });

    it("takes nothing in of them, and counts each once", async () => {
      const counted = async () =>
        /refused_total\{[^}]*too-large[^}]*microsoft[^}]*\} (\d+)/.exec(
          await (await fetch(`${url}/metrics`)).text(),
        )?.[1];
      const before = Number((await counted()) ?? 0);
      await send("POST", "/webhooks/microsoft", { "content-type": "application/json" }, "x".repeat(1_048_577));
      expect(Number(await counted())).toBe(before + 1);
      expect((await flow.api.request("GET", "/api/v1/ledger")).body.accepted).toBe(0);
    });
  });
});
