import { execFileSync } from "node:child_process";
import { createHash, createSign, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type MicrosoftSandbox, startMicrosoftSandbox } from "../../../connectors/sandbox/microsoft/sandbox.ts";
import { accessToken, requestToken } from "./graph-client.ts";

let sandbox: MicrosoftSandbox;
let clock: Date;
beforeEach(async () => {
  clock = new Date("2026-11-30T12:00:00Z");
  sandbox = await startMicrosoftSandbox({ domains: ["corp.example"], clock: () => clock, roles: ["User.Read.All"] });
  sandbox.addUser({ address: "ann@corp.example", displayName: "Ann" });
});
afterEach(() => sandbox.close());

async function get(path: string, token?: string) {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${sandbox.graphUrl}/v1.0${path}`, { headers });
  const json = (await response.json()) as { readonly error?: { readonly code: string; readonly message: string } };
  return { status: response.status, code: json.error?.code, challenge: response.headers.get("www-authenticate") };
}

test("a secret gets a bearer token with the consented roles and the tenant in it", async () => {
  const { status, json } = await requestToken(sandbox, { client_secret: sandbox.clientSecret });
  expect([status, json.token_type, json.expires_in]).toEqual([200, "Bearer", 3600]);
  const claims = JSON.parse(
    Buffer.from(String(json.access_token).split(".")[1] ?? "", "base64url").toString(),
  ) as object;
  expect(claims).toMatchObject({ tid: sandbox.tenantId, appid: sandbox.clientId, roles: ["User.Read.All"] });
});

test("a domain names the tenant too", async () => {
  expect((await requestToken(sandbox, { client_secret: sandbox.clientSecret }, "corp.example")).status).toBe(200);
});

test.each([
  ["a wrong secret", { client_secret: "wrong" }, undefined, 401, "invalid_client", 7000215],
  ["no proof", {}, undefined, 401, "invalid_client", 7000218],
  [
    "another application",
    { client_id: "11111111-1111-4111-8111-111111111111" },
    undefined,
    400,
    "unauthorized_client",
    700016,
  ],
  ["an unknown tenant", {}, "22222222-2222-4222-8222-222222222222", 400, "invalid_request", 90002],
  [
    "a scope without .default",
    { scope: "https://graph.microsoft.com/Mail.Read" },
    undefined,
    400,
    "invalid_scope",
    1002012,
  ],
  ["another grant", { grant_type: "password" }, undefined, 400, "unsupported_grant_type", 70003],
])("%s is refused as Entra refuses it", async (_, form, tenant, status, error, code) => {
  const answer = await requestToken(sandbox, form, tenant);
  expect(answer.status).toBe(status);
  expect(answer.json).toMatchObject({
    error,
    error_codes: [code],
    error_description: expect.stringContaining(`AADSTS${code}: `),
    correlation_id: expect.any(String),
  });
});

test("an application without consent gets no token", async () => {
  sandbox.application.disabled = true;
  const { json } = await requestToken(sandbox, { client_secret: sandbox.clientSecret });
  expect(json.error_codes).toEqual([7000112]);
});

test("requests without, with a foreign, and with an expired token answer 401 with a challenge", async () => {
  const token = await accessToken(sandbox);
  expect(await get("/users")).toMatchObject({
    status: 401,
    code: "InvalidAuthenticationToken",
    challenge: expect.stringMatching(/^Bearer/),
  });
  expect((await get("/users", "x.y.z")).status).toBe(401);
  expect((await get("/users", token)).status).toBe(200);
  clock = new Date("2026-11-30T13:00:01Z");
  expect((await get("/users", token)).status).toBe(401);
});

test("a missing role is refused in the words of the room: directory or mailbox", async () => {
  const token = await accessToken(sandbox);
  expect(await get("/domains", token)).toMatchObject({ status: 403, code: "Authorization_RequestDenied" });
  expect(await get("/users/ann@corp.example/messages", token)).toMatchObject({
    status: 403,
    code: "ErrorAccessDenied",
  });
});

test("a role that was consented to later shows in the next token only", async () => {
  const before = await accessToken(sandbox);
  sandbox.application.roles.add("Mail.Read");
  expect((await get("/users/ann@corp.example/messages", before)).status).toBe(403);
  expect((await get("/users/ann@corp.example/messages", await accessToken(sandbox))).status).toBe(200);
});

test("a role scoped by RBAC opens its mailboxes only and is not in the token", async () => {
  sandbox.addUser({ address: "bob@corp.example", displayName: "Bob" });
  sandbox.scopedRoles.set("Mail.Read", new Set(["ann@corp.example"]));
  const token = await accessToken(sandbox);
  expect((await get("/users/ann@corp.example/messages", token)).status).toBe(200);
  expect((await get("/users/bob@corp.example/messages", token)).status).toBe(403);
});

test("OpenID discovery names the endpoints of the tenant", async () => {
  const base = `${sandbox.loginUrl}/${sandbox.tenantId}`;
  const discovery = (await (await fetch(`${base}/v2.0/.well-known/openid-configuration`)).json()) as object;
  expect(discovery).toMatchObject({ issuer: `${base}/v2.0`, token_endpoint: `${base}/oauth2/v2.0/token` });
});

function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!hasOpenssl())(
  "an assertion signed by a registered certificate is a proof, an expired or foreign one is not",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "sandbox-login-"));
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const options = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"];
    execFileSync("openssl", ["req", "-x509", ...options, "-keyout", key, "-out", certificate], { stdio: "ignore" });
    const [privateKey, pem] = [readFileSync(key, "utf8"), readFileSync(certificate, "utf8")];
    rmSync(folder, { recursive: true });
    const thumbprint = createHash("sha256").update(new X509Certificate(pem).raw).digest("base64url");
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const assertion = (expiresInSeconds: number) => {
      const exp = clock.getTime() / 1000 + expiresInSeconds;
      const aud = `${sandbox.loginUrl}/${sandbox.tenantId}/oauth2/v2.0/token`;
      const claims = { aud, iss: sandbox.clientId, sub: sandbox.clientId, exp };
      const text = `${part({ alg: "RS256", typ: "JWT", "x5t#S256": thumbprint })}.${part(claims)}`;
      return {
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: `${text}.${createSign("sha256").update(text).sign(privateKey, "base64url")}`,
      };
    };
    expect((await requestToken(sandbox, assertion(600))).json.error_codes).toEqual([700027]);
    sandbox.application.certificates.add(pem);
    expect((await requestToken(sandbox, assertion(600))).status).toBe(200);
    expect((await requestToken(sandbox, assertion(-1))).json.error_codes).toEqual([700024]);
    const { client_assertion, ...rest } = assertion(600);
    const forged = { ...rest, client_assertion: `${client_assertion.slice(0, -8)}AAAAAAAA` };
    expect((await requestToken(sandbox, forged)).json.error_codes).toEqual([700027]);
  },
);
