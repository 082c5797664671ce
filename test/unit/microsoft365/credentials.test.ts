import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCredentials } from "../../../connectors/microsoft365/credentials.ts";
import { createThrottle } from "../../../connectors/microsoft365/throttle.ts";
import type { MicrosoftCredential } from "../../../src/core/tenant.ts";
import { makeCertificate } from "./support/certificate.ts";
import { meet, startTestTenant, type TestTenant } from "./support/tenant.ts";

const { signal } = new AbortController();
const SCOPE = "https://graph.microsoft.com/.default";

describe("credentials", () => {
  let tenant: TestTenant;
  beforeEach(async () => {
    tenant = await startTestTenant();
  });
  afterEach(async () => {
    await tenant.close();
  });

  const open = (credential: MicrosoftCredential = tenant.settings.credential) =>
    openCredentials(
      { ...tenant.settings, credential },
      { loginUrl: tenant.sandbox.loginUrl, scope: SCOPE },
      { throttle: createThrottle(), fetch },
    );
  const tokenRequests = () => tenant.sandbox.requests.filter((seen) => seen.path.endsWith("/oauth2/v2.0/token"));

  it("ask once for a token that sixteen jobs want at the same moment, and keep it", async () => {
    const credentials = open();
    const tokens = await Promise.all(Array.from({ length: 16 }, () => credentials.token(new AbortController().signal)));
    expect(new Set(tokens).size).toBe(1);
    expect(await credentials.token(signal)).toBe(tokens[0]);
    expect(tokenRequests()).toHaveLength(1);
    const form = new URLSearchParams(tokenRequests()[0]?.body.toString());
    expect(form.get("grant_type")).toBe("client_credentials");
    expect(form.get("scope")).toContain(SCOPE);
  });

  it("replace a rejected token once, not at every refusal", async () => {
    const credentials = open();
    const first = await credentials.token(signal);
    const [second, same] = await Promise.all([credentials.token(signal, first), credentials.token(signal, first)]);
    expect(second).not.toBe(first);
    expect(same).toBe(second);
    expect(await credentials.token(signal, second)).toBe(second);
    expect(tokenRequests()).toHaveLength(2);
  });

  it("use a token of one minute for more than one call", async () => {
    tenant.sandbox.application.tokenLifeSeconds = 60;
    const credentials = open();
    expect(await credentials.token(signal)).toBe(await credentials.token(signal));
    expect(tokenRequests()).toHaveLength(1);
  });

  it("prove themselves with a certificate", async () => {
    const { pem, certificate } = makeCertificate();
    tenant.sandbox.application.certificates.add(certificate);
    expect(await open({ kind: "certificate", pem }).token(signal)).not.toBe("");
    const form = new URLSearchParams(tokenRequests()[0]?.body.toString());
    const [head = "", claims = ""] = (form.get("client_assertion") ?? "").split(".");
    expect(JSON.parse(Buffer.from(head, "base64url").toString())).toHaveProperty("x5t#S256");
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      aud: `${tenant.sandbox.loginUrl}/${tenant.sandbox.tenantId}/oauth2/v2.0/token`,
      sub: tenant.sandbox.clientId,
    });
  });

  it("send a federated assertion as it stands in its file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "postern-federated-"));
    const tokenFile = join(folder, "token");
    await writeFile(tokenFile, "header.claims.signature\n");
    await expect(open({ kind: "federated", tokenFile }).token(signal)).rejects.toMatchObject({
      code: "PROVIDER_UNAUTHORIZED",
    });
    const form = new URLSearchParams(tokenRequests()[0]?.body.toString());
    expect(form.get("client_assertion")).toBe("header.claims.signature");
    await rm(folder, { recursive: true });
  });

  it("say what Entra's number is and nothing of its text when the secret is wrong", async () => {
    const failure = await open({ kind: "secret", value: "wrong-secret-value" })
      .token(signal)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "PROVIDER_UNAUTHORIZED",
      details: { call: "token", code: "invalid_client", reason: "7000215" },
    });
    expect(`${JSON.stringify(failure)}${String(failure)}`).not.toContain("wrong-secret-value");
  });

  it("show a refused credential once, and again to whoever asks for a new token", async () => {
    const secret = { kind: "secret", value: "to-be-added" } as const;
    const credentials = open(secret);
    const refused = { code: "PROVIDER_UNAUTHORIZED", details: { reason: "7000215" } };
    for (let n = 0; n < 5; n++) await expect(credentials.token(signal)).rejects.toMatchObject(refused);
    expect(tokenRequests()).toHaveLength(1);
    tenant.sandbox.application.secrets.add(secret.value);
    expect(await credentials.renewed(signal)).toBe(await credentials.token(signal));
    expect(tokenRequests()).toHaveLength(2);
  });

  it("ride over a short outage of the token endpoint and wait out a long one", async () => {
    meet(tenant.sandbox, { path: "*/token" }, { reset: "before" });
    expect(await open().token(signal)).not.toBe("");
    meet(tenant.sandbox, { path: "*/token" }, { answer: { status: 429, retryAfter: 30 } });
    const throttled = open();
    await expect(throttled.token(signal)).rejects.toMatchObject({
      code: "PROVIDER_THROTTLED",
      retry: { afterMs: 30_000 },
    });
    const before = tokenRequests().length;
    await expect(throttled.token(signal)).rejects.toMatchObject({ code: "PROVIDER_THROTTLED" });
    expect(tokenRequests()).toHaveLength(before);
  });

  it("go on for the others when one caller gives up", async () => {
    const credentials = open();
    const held = meet(tenant.sandbox, { path: "*/token" }, { hold: "before" });
    const stop = new AbortController();
    const stopped = credentials.token(stop.signal);
    const waiting = credentials.token(signal);
    await held.arrived();
    stop.abort(new Error("stopped"));
    await expect(stopped).rejects.toThrow("stopped");
    held.release();
    expect(await waiting).not.toBe("");
    expect(tokenRequests()).toHaveLength(1);
  });

  it.each([
    ["holds no certificate", "no pem at all"],
    ["holds no private key", makeCertificate().certificate],
    ["does not belong", `${makeCertificate().pem.split("-----BEGIN CERT")[0]}${makeCertificate().certificate}`],
  ])("refuse a certificate text that %s", (reason, pem) => {
    expect(() => open({ kind: "certificate", pem })).toThrow(reason);
  });
});
