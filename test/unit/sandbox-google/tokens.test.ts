import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GoogleSandbox } from "../../../connectors/sandbox/google/sandbox.ts";
import {
  ANN,
  assertion,
  BOB,
  caller,
  exchange,
  gmailAs,
  mail,
  scope,
  startWithPeople,
  text,
  tokenFor,
} from "./client.ts";

describe("token endpoint", () => {
  let sandbox: GoogleSandbox;
  beforeAll(async () => {
    sandbox = await startWithPeople();
  });
  afterAll(() => sandbox.close());

  it("exchanges an assertion for a token that works for the impersonated person", async () => {
    const token = await tokenFor(sandbox, ANN, "gmail.readonly");
    const profile = await caller(sandbox.gmailUrl, token)("GET", "/gmail/v1/users/me/profile");
    expect(profile.body.emailAddress).toBe(ANN);
  });

  it("takes Google's own audience, which libraries write wherever the endpoint is", async () => {
    const claims = { sub: ANN, scope: scope("gmail.readonly"), aud: "https://oauth2.googleapis.com/token" };
    expect((await exchange(sandbox, assertion(sandbox, claims))).status).toBe(200);
  });

  it.each([
    [
      "another key",
      { sub: ANN },
      generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey,
      "Invalid JWT Signature.",
    ],
    ["an unknown issuer", { iss: "x@y.iam.gserviceaccount.com" }, undefined, "Invalid grant: account not found"],
    ["an unknown person", { sub: "nobody@corp.example" }, undefined, "Invalid email or User ID"],
    [
      "another audience",
      { sub: ANN, aud: "https://elsewhere.example/token" },
      undefined,
      "Invalid JWT: Failed audience check.",
    ],
  ])("refuses %s as invalid_grant", async (_name, claims, key, description) => {
    const pem = key?.export({ format: "pem", type: "pkcs8" }).toString();
    const reply = await exchange(sandbox, assertion(sandbox, { scope: scope("gmail.readonly"), ...claims }, pem));
    expect(reply.status).toBe(400);
    expect(reply.body).toEqual({ error: "invalid_grant", error_description: description });
  });

  it("refuses an assertion that is too long-lived or expired", async () => {
    const now = Math.floor(Date.now() / 1_000);
    for (const times of [
      { iat: now, exp: now + 7_200 },
      { iat: now - 7_200, exp: now - 3_600 },
    ]) {
      const reply = await exchange(sandbox, assertion(sandbox, { sub: ANN, scope: scope("gmail.readonly"), ...times }));
      expect(reply.body.error).toBe("invalid_grant");
    }
  });

  it("refuses the whole request when one scope was not delegated", async () => {
    const wanted = `${scope("gmail.readonly")} ${scope("full")}`;
    const refused = await exchange(sandbox, assertion(sandbox, { sub: ANN, scope: wanted }));
    expect([refused.status, refused.body.error]).toEqual([401, "unauthorized_client"]);
    sandbox.delegation.add(scope("full"));
    expect((await exchange(sandbox, assertion(sandbox, { sub: ANN, scope: wanted }))).status).toBe(200);
    sandbox.delegation.delete(scope("full"));
  });

  it("refuses people of other organisations as unauthorized_client", async () => {
    const claims = { sub: "eve@out.example", scope: scope("gmail.readonly") };
    expect((await exchange(sandbox, assertion(sandbox, claims))).body.error).toBe("unauthorized_client");
  });

  it("refuses a scope that does not exist", async () => {
    const reply = await exchange(sandbox, assertion(sandbox, { sub: ANN, scope: "everything" }));
    expect(reply.body.error).toBe("invalid_scope");
  });

  it("answers 401 without a token, with a wrong one and after revocation", async () => {
    const gmail = await gmailAs(sandbox, ANN);
    const bad = caller(sandbox.gmailUrl, "ya29.wrong");
    expect((await bad("GET", "/gmail/v1/users/me/profile")).body.error?.status).toBe("UNAUTHENTICATED");
    expect((await gmail("GET", "/profile")).status).toBe(200);
    sandbox.revokeTokens();
    expect((await gmail("GET", "/profile")).body.error?.errors?.[0]?.reason).toBe("authError");
  });

  it("lets a token die after an hour", async () => {
    let now = new Date();
    const aging = await startWithPeople({ clock: () => now });
    const gmail = await gmailAs(aging, ANN);
    expect((await gmail("GET", "/profile")).status).toBe(200);
    now = new Date(now.getTime() + 3_600_000);
    expect((await gmail("GET", "/profile")).status).toBe(401);
    await aging.close();
  });
});

describe("what a token may do", () => {
  let sandbox: GoogleSandbox;
  let id: string;
  beforeAll(async () => {
    sandbox = await startWithPeople();
    ({ id } = await sandbox.send(ANN, mail()));
  });
  afterAll(() => sandbox.close());

  it("refuses a call outside the token's scopes", async () => {
    const gmail = await gmailAs(sandbox, ANN, "gmail.readonly");
    const reply = await gmail("POST", `/messages/${id}/trash`);
    expect([reply.status, reply.body.error?.errors?.[0]?.reason]).toEqual([403, "insufficientPermissions"]);
  });

  it("refuses deletion for good to gmail.modify", async () => {
    const gmail = await gmailAs(sandbox, ANN, "gmail.modify");
    expect((await gmail("DELETE", `/messages/${id}`)).status).toBe(403);
  });

  it("refuses somebody else's mailbox, but takes one's own address and alias", async () => {
    const call = caller(sandbox.gmailUrl, await tokenFor(sandbox, ANN, "gmail.readonly"));
    expect((await call("GET", `/gmail/v1/users/${ANN}/profile`)).status).toBe(200);
    expect((await call("GET", "/gmail/v1/users/a%40corp.example/profile")).status).toBe(200);
    const other = await call("GET", `/gmail/v1/users/${BOB}/profile`);
    expect(other.body.error?.message).toContain("Delegation denied");
  });

  it("refuses content and search to a token that also holds gmail.metadata", async () => {
    const gmail = await gmailAs(sandbox, ANN, "gmail.metadata gmail.readonly");
    expect((await gmail("GET", `/messages/${id}?format=metadata`)).status).toBe(200);
    expect((await gmail("GET", `/messages/${id}?format=raw`)).status).toBe(403);
    expect((await gmail("GET", `/messages/${id}`)).body.error?.message).toBe(
      "Metadata scope doesn't allow format FULL",
    );
    expect((await gmail("GET", "/messages?q=")).body.error?.message).toBe(
      "Metadata scope does not support 'q' parameter",
    );
  });

  it("answers failedPrecondition without a subject and for mailboxes that cannot be used", async () => {
    sandbox.addUser({ address: "gone@corp.example", name: "Gone", suspended: true });
    sandbox.addUser({ address: "new@corp.example", name: "New", isMailboxSetup: false });
    const calls = [
      caller(`${sandbox.gmailUrl}/gmail/v1/users/me`, await tokenFor(sandbox, null, "gmail.readonly")),
      await gmailAs(sandbox, "gone@corp.example"),
      await gmailAs(sandbox, "new@corp.example"),
    ];
    for (const call of calls) {
      const { status, body } = await call("GET", "/profile");
      expect([status, body.error?.status]).toEqual([400, "FAILED_PRECONDITION"]);
    }
  });
});

describe("keyless signing", () => {
  it("signs for a caller with the right permission, and the result is exchanged", async () => {
    const sandbox = await startWithPeople();
    const account = sandbox.serviceAccount.client_email;
    const iam = caller(sandbox.iamUrl, sandbox.workloadToken);
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: account,
      sub: ANN,
      scope: scope("gmail.readonly"),
      aud: sandbox.tokenUrl,
      iat: now,
      exp: now + 3_600,
    };
    const sign = (): ReturnType<typeof iam> =>
      iam("POST", `/v1/projects/-/serviceAccounts/${account}:signJwt`, { payload: JSON.stringify(claims) });
    const signed = await sign();
    expect((await exchange(sandbox, text(signed.body.signedJwt))).status).toBe(200);
    sandbox.permissions.delete("iam.serviceAccounts.signJwt");
    const refused = await sign();
    expect([refused.status, refused.body.error?.errors]).toEqual([403, undefined]);
    await sandbox.close();
  });
});
