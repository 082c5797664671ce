import { createHmac, createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { readPush } from "../../../connectors/google-workspace/receive.ts";
import { openSigningKeys } from "../../../connectors/google-workspace/signing-keys.ts";
import { type Answers, type GoogleStub, startStub } from "./google-answers.ts";

const NOW = new Date("2026-11-30T12:00:00Z");
const SECONDS = NOW.getTime() / 1_000;
const EXPECTED = {
  audience: "https://postern.example/webhooks/google",
  serviceAccount: "push@p.iam.example",
  subscription: "projects/p/subscriptions/postern",
};
const CLAIMS = {
  iss: "https://accounts.google.com",
  aud: EXPECTED.audience,
  azp: "1",
  sub: "1",
  email: EXPECTED.serviceAccount,
  email_verified: true,
  iat: SECONDS - 10,
  exp: SECONDS + 3_590,
};

const google = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const stranger = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const jwks = { keys: [{ ...google.publicKey.export({ format: "jwk" }), kid: "k1", alg: "RS256", use: "sig" }] };

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(claims: object = {}, header: object = {}, key: KeyObject = google.privateKey): string {
  const text = `${encode({ alg: "RS256", kid: "k1", typ: "JWT", ...header })}.${encode({ ...CLAIMS, ...claims })}`;
  return `${text}.${createSign("sha256").update(text).sign(key).toString("base64url")}`;
}

function push(jwt: string | undefined, change: { readonly subscription?: string; readonly data?: unknown } = {}) {
  const data = change.data ?? { emailAddress: "Ann@corp.example", historyId: 203 };
  const body = {
    message: { data: Buffer.from(JSON.stringify(data)).toString("base64"), messageId: "1", publishTime: "x" },
    subscription: change.subscription ?? EXPECTED.subscription,
  };
  return {
    headers: jwt === undefined ? {} : { authorization: `Bearer ${jwt}` },
    body: Buffer.from(JSON.stringify(body)),
  };
}

let stub: GoogleStub;
afterEach(() => stub.close());

async function keysFrom(answers: Answers = () => ({ json: jwks }), clock = { now: () => NOW }) {
  stub = await startStub(answers);
  return openSigningKeys({ certsUrl: `${stub.url}/certs`, clock });
}

describe("a pushed notification", () => {
  it("becomes a hint about its mailbox; its history id is left aside", async () => {
    const keys = await keysFrom();
    expect(await readPush(push(token()), EXPECTED, keys)).toEqual({
      ok: true,
      hints: [{ kind: "mailbox", mailbox: "ann@corp.example" }],
    });
  });

  const unsigned = `${encode({ alg: "none", kid: "k1" })}.${encode(CLAIMS)}.`;
  const [header, , signature] = token().split(".");
  const publicPem = google.publicKey.export({ type: "spki", format: "pem" }).toString();
  const hs256Text = `${encode({ alg: "HS256", kid: "k1" })}.${encode(CLAIMS)}`;
  const hs256 = `${hs256Text}.${createHmac("sha256", publicPem).update(hs256Text).digest("base64url")}`;
  const bad: Readonly<Record<string, string | undefined>> = {
    "no token": undefined,
    "the algorithm none": unsigned,
    "HS256 with the public key as the secret": hs256,
    "another project's account": token({ email: "push@other.iam.example" }),
    "another audience": token({ aud: "https://other.example" }),
    "an end in the past": token({ exp: SECONDS - 61 }),
    "a beginning in the future": token({ iat: SECONDS + 61 }),
    "an address that is not verified": token({ email_verified: false }),
    "another issuer": token({ iss: "https://accounts.evil.example" }),
    "a key id that Google does not have": token({}, { kid: "k9" }),
    "a payload that was changed": `${header}.${encode({ ...CLAIMS, sub: "2" })}.${signature}`,
    "another key's signature": token({}, {}, stranger.privateKey),
  };
  for (const [what, jwt] of Object.entries(bad)) {
    it(`is refused with ${what}`, async () => {
      const keys = await keysFrom();
      expect(await readPush(push(jwt), EXPECTED, keys)).toEqual({ ok: false, reason: "not-verified" });
    });
  }

  it("is refused from another subscription, however good its token", async () => {
    const keys = await keysFrom();
    const foreign = push(token(), { subscription: "projects/other/subscriptions/postern" });
    expect(await readPush(foreign, EXPECTED, keys)).toEqual({ ok: false, reason: "other-subscription" });
  });

  it("allows a minute of difference between the clocks", async () => {
    const keys = await keysFrom();
    for (const claims of [{ exp: SECONDS - 50 }, { iat: SECONDS + 50 }]) {
      expect((await readPush(push(token(claims)), EXPECTED, keys)).ok).toBe(true);
    }
  });

  it("is no push when the body is something else, and no hint when its data is", async () => {
    const keys = await keysFrom();
    const authorization = `Bearer ${token()}`;
    for (const body of ["", "[]", "{}", '{"message":{},"subscription":"s"}']) {
      const read = await readPush({ headers: { authorization }, body: Buffer.from(body) }, EXPECTED, keys);
      expect(read).toEqual({ ok: false, reason: "malformed" });
    }
    for (const data of [{}, { emailAddress: 7 }, { emailAddress: "nobody" }, [], "text"]) {
      expect(await readPush(push(token(), { data }), EXPECTED, keys)).toEqual({ ok: true, hints: [] });
    }
  });
});

describe("the signing keys", () => {
  it("are read once for many pushes, and at most once a minute for unknown key ids", async () => {
    let now = NOW;
    const keys = await keysFrom(undefined, { now: () => now });
    for (let i = 0; i < 5; i += 1) await readPush(push(token()), EXPECTED, keys);
    for (let i = 0; i < 5; i += 1) expect(await keys.find(`forged-${i}`, AbortSignal.timeout(5_000))).toBeUndefined();
    expect(stub.asked).toHaveLength(1);
    now = new Date(NOW.getTime() + 61_000);
    for (let i = 0; i < 5; i += 1) await keys.find(`forged-${i}`, AbortSignal.timeout(5_000));
    expect(stub.asked).toHaveLength(2);
  });

  it("serve six hours while Google does not answer, and then nothing is taken as genuine", async () => {
    let now = NOW;
    let status = 200;
    const keys = await keysFrom(() => ({ status, json: status === 200 ? jwks : {} }), { now: () => now });
    expect(await keys.find("k1", AbortSignal.timeout(5_000))).toBeDefined();
    status = 503;
    now = new Date(NOW.getTime() + 5.9 * 3_600_000);
    expect(await keys.find("k1", AbortSignal.timeout(5_000))).toBeDefined();
    now = new Date(NOW.getTime() + 6.1 * 3_600_000);
    await expect(keys.find("k1", AbortSignal.timeout(5_000))).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
  });

  it("are not usable before they were read once", async () => {
    const keys = await keysFrom(() => ({ drop: true }));
    await expect(readPush(push(token()), EXPECTED, keys)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
  });
});
