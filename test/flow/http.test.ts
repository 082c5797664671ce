import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMIN_TOKEN, type MicrosoftFlow, startMicrosoftFlow } from "../support/microsoft-service.ts";

describe("the listener", () => {
  let flow: MicrosoftFlow;
  let url: string;
  beforeAll(async () => {
    flow = await startMicrosoftFlow();
    url = flow.service.url ?? "";
  });
  afterAll(() => flow.close());

  const post = (path: string, body: string | undefined, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { method: "POST", headers, ...(body === undefined ? {} : { body }) });

  describe("the administration API", () => {
    it.each([
      "/api/v1/messages",
      "/api/v1/nothing",
      "/api/openapi.json",
      "/api/policy.schema.json",
      "/api",
      "/api/v1/messages?limit=501",
    ])("answers %s with 401 without the token, and nothing else", async (path) => {
      for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: `Basic ${ADMIN_TOKEN}` }]) {
        const answer = await fetch(`${url}${path}`, { headers });
        expect(answer.status).toBe(401);
        expect(answer.headers.get("content-type")).toContain("application/problem+json");
      }
    });

    it("documents every route that it has", async () => {
      const { body } = await flow.api.request("GET", "/api/openapi.json");
      const paths = Object.keys(body.paths as object);
      expect(paths).toEqual(
        expect.arrayContaining([
          "/api/v1/tenants",
          "/api/v1/policy",
          "/api/v1/messages",
          "/api/v1/incidents",
          "/api/v1/quarantine",
          "/api/v1/quarantine/{id}/release",
          "/api/v1/scan",
          "/api/v1/ledger",
        ]),
      );
    });

    it("pages with a limit of at most 500 and answers more with a problem", async () => {
      expect((await flow.api.request("GET", "/api/v1/messages?limit=500")).body).toEqual({ items: [], next: null });
      for (const limit of ["501", "0", "x"]) {
        const { status, body } = await flow.api.request("GET", `/api/v1/messages?limit=${limit}`);
        expect({ status, code: body.code }).toEqual({ status: 400, code: "REQUEST_INVALID" });
      }
    });

    it("keeps the running policy when the new one has faults, and names each with its place", async () => {
      const before = await flow.api.request("GET", "/api/v1/policy");
      const source =
        "version: 1\nrules:\n  - id: a\n    when: { detectors: [{ detector: no-such }] }\n    action: explode\n";
      const { status, body } = await flow.api.request("PUT", "/api/v1/policy", source, "application/yaml");
      expect(status).toBe(422);
      const faults = body.faults as { line: number; column: number; reason: string }[];
      expect(faults.map((fault) => fault.line)).toEqual(expect.arrayContaining([4, 5]));
      expect((await flow.api.request("GET", "/api/v1/policy")).headers.get("etag")).toBe(before.headers.get("etag"));
    });

    it("takes the policy that it gives", async () => {
      const { body } = await flow.api.request("GET", "/api/v1/policy");
      expect((await flow.api.request("PUT", "/api/v1/policy", body)).status).toBe(200);
      expect((await flow.api.request("GET", "/api/v1/policy")).body).toEqual(body);
    });

    it("scans a message and a draft without keeping anything", async () => {
      const mime = "From: ann@corp.example\r\nTo: x@out.example\r\nSubject: s\r\n\r\n4111 1111 1111 1111\r\n";
      const byMime = await flow.api.request("POST", "/api/v1/scan", mime, "message/rfc822");
      const draft = { from: "ann@corp.example", to: ["x@out.example"], subject: "s", text: "4111 1111 1111 1111" };
      const byDraft = await flow.api.request("POST", "/api/v1/scan", draft);
      for (const { status, body } of [byMime, byDraft]) {
        expect(status).toBe(200);
        expect(body).toMatchObject({
          verdict: "block",
          status: "complete",
          findings: [{ detector: "credit-card", masked: ["***************1111"] }],
        });
        expect(JSON.stringify(body)).not.toContain("4111 1111");
      }
      expect(await flow.api.messages()).toEqual([]);
    });

    it("refuses settings of a tenant that cannot work, without connecting it", async () => {
      const wrong = [
        flow.settings({ tenantId: "no-guid" }),
        flow.settings({ provider: "exchange" }),
        flow.settings({ strange: 1 }),
        flow.settings({ credential: { kind: "certificate", pem: "x" } }),
      ];
      for (const body of wrong) expect((await flow.api.request("POST", "/api/v1/tenants", body)).status).toBe(400);
      expect((await flow.api.request("GET", "/api/v1/tenants")).body.items).toEqual([]);
    });
  });

  describe("the Graph web hook", () => {
    it.each(["/webhooks/microsoft", "/webhooks/microsoft/lifecycle"])(
      "echoes the validation token at %s as plain text",
      async (path) => {
        const token = "Validation: <script>alert(1)</script> & more";
        const answer = await post(`${path}?validationToken=${encodeURIComponent(token)}`, "", {
          "content-type": "text/plain; charset=utf-8",
        });
        expect(answer.status).toBe(200);
        expect(answer.headers.get("content-type")).toContain("text/plain");
        expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
        expect(await answer.text()).toBe(token);
        expect((await fetch(`${url}${path}?validationToken=a`)).status).toBe(405);
      },
    );

    it.each([
      ["nothing", ""],
      ["half a document", "{"],
      ["something else", '"text"'],
      ["no list", '{"value":{}}'],
    ])("answers %s with 4xx", async (_case, body) => {
      expect((await post("/webhooks/microsoft", body, { "content-type": "application/json" })).status).toBe(400);
    });

    it("refuses a body that no provider sends", async () => {
      const answer = await post("/webhooks/microsoft", "x".repeat(1_048_577), { "content-type": "application/json" });
      expect(answer.status).toBe(413);
    });

    it("answers forged notifications like good ones, takes none in and counts them", async () => {
      const value = [
        {
          subscriptionId: "11111111-1111-4111-8111-111111111111",
          clientState: "x",
          changeType: "created",
          tenantId: flow.sandbox.tenantId,
          resourceData: { id: "M1" },
        },
        {
          subscriptionId: "11111111-1111-4111-8111-111111111111",
          clientState: null,
          changeType: "created",
          tenantId: flow.sandbox.tenantId,
          resourceData: { id: "M2" },
        },
      ];
      expect(
        (await post("/webhooks/microsoft", JSON.stringify({ value }), { "content-type": "application/json" })).status,
      ).toBe(202);
      const ledger = await flow.api.request("GET", "/api/v1/ledger");
      expect(ledger.body.accepted).toBe(0);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toMatch(/postern_notifications_refused_total\{reason="unknown-subscription"[^}]*\} 2/);
    });
  });

  describe("the console", () => {
    it("shows nothing before sign-in", async () => {
      for (const [path, signIn] of [
        ["/", "/sign-in"],
        ["/incidents/x", "/sign-in?next=%2Fincidents%2Fx"],
        ["/incidents/x?y=//evil.example", "/sign-in"],
      ]) {
        const answer = await fetch(`${url}${path}`, { redirect: "manual" });
        expect([answer.status, answer.headers.get("location")]).toEqual([303, signIn]);
      }
    });

    it("signs in once with a link; looking at the link changes nothing", async () => {
      const link = new URL(flow.service.signInLink() ?? "");
      const secret = link.pathname.split("/").at(-1) ?? "";
      const signIn = () =>
        fetch(`${url}/sign-in`, { method: "POST", redirect: "manual", body: new URLSearchParams({ link: secret }) });
      for (let looks = 0; looks < 3; looks++) expect((await fetch(link)).status).toBe(200);
      const signedIn = await signIn();
      expect(signedIn.status).toBe(303);
      const cookie = signedIn.headers.get("set-cookie") ?? "";
      expect(cookie).toMatch(/HttpOnly; SameSite=Strict/i);
      expect((await signIn()).status).toBe(403);
      const page = await fetch(`${url}/`, { headers: { cookie: cookie.split(";", 1)[0] ?? "" } });
      expect(page.status).toBe(200);
      expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(await page.text()).toContain("No incidents yet");
    });

    it("refuses a form that did not come from its own page", async () => {
      const signedIn = await fetch(`${url}/sign-in`, {
        method: "POST",
        redirect: "manual",
        body: new URLSearchParams({ token: ADMIN_TOKEN }),
      });
      const cookie = (signedIn.headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "";
      const body = new URLSearchParams({ decision: "release" });
      expect(
        (await fetch(`${url}/quarantine/x`, { method: "POST", headers: { cookie }, body, redirect: "manual" })).status,
      ).toBe(403);
    });
  });

  it("tells what it depends on", async () => {
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: "ok" });
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({
      status: "ok",
      dependencies: { database: "ok", queue: "ok" },
    });
  });
});
