import { createSign } from "node:crypto";
import { makeSandboxKeys, type SandboxKeys } from "../../../connectors/sandbox/google/auth/keys.ts";
import {
  type GoogleSandbox,
  type GoogleSandboxOptions,
  startGoogleSandbox,
} from "../../../connectors/sandbox/google/sandbox.ts";

const PREFIX = "https://www.googleapis.com/auth/";
export const ANN = "ann@corp.example";
export const BOB = "bob@corp.example";

/** Full name of a scope from its last word; `full` is the one that allows deletion. */
export const scope = (name: string): string => (name === "full" ? "https://mail.google.com/" : `${PREFIX}${name}`);

/** Made once for each test file: it is the slowest thing here. */
let keys: Promise<SandboxKeys> | undefined;

/** A sandbox with Ann (alias `a@corp.example`) and Bob, whose manager she is. */
export async function startWithPeople(options: GoogleSandboxOptions = {}): Promise<GoogleSandbox> {
  keys ??= makeSandboxKeys();
  const sandbox = await startGoogleSandbox({ keys: await keys, ...options });
  sandbox.addUser({ address: ANN, name: "Ann Adams", aliases: ["a@corp.example"] });
  sandbox.addUser({ address: BOB, name: "Bob Brown", manager: ANN });
  return sandbox;
}

export interface Reply {
  readonly status: number;
  /** The parsed JSON body; empty without one. */
  readonly body: Json;
  readonly headers: Headers;
}

/** JSON of any shape, to be looked into with `?.`; `text` gives a leaf. */
export interface Json {
  readonly [name: string]: Json | undefined;
  [Symbol.iterator](): Iterator<Json>;
}

/** A string or number inside JSON, as text; empty when it is not there. */
export const text = (json: Json | undefined): string => (json === undefined ? "" : `${json}`);

/** An assertion as client libraries make it; `claims` replaces or adds to the usual ones. */
export function assertion(sandbox: GoogleSandbox, claims: object, key = sandbox.serviceAccount.private_key): string {
  const now = Math.floor(Date.now() / 1_000);
  const usual = { iss: sandbox.serviceAccount.client_email, aud: sandbox.tokenUrl, iat: now, exp: now + 3_600 };
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${encode({ alg: "RS256", typ: "JWT" })}.${encode({ ...usual, ...claims })}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(key).toString("base64url")}`;
}

/** Presents an assertion to the token endpoint. */
export async function exchange(sandbox: GoogleSandbox, signed: string): Promise<Reply> {
  const form = { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: signed };
  return read(await fetch(sandbox.tokenUrl, { method: "POST", body: new URLSearchParams(form) }));
}

/** A token for a person (null: the service account itself) with scopes by their last words, separated by spaces; `at`: the sandbox's time. */
export async function tokenFor(
  sandbox: GoogleSandbox,
  subject: string | null,
  scopes: string,
  at = new Date(),
): Promise<string> {
  const names = scopes.split(" ").map(scope).join(" ");
  const iat = Math.floor(at.getTime() / 1_000);
  const claims = { iat, exp: iat + 3_600, scope: names, ...(subject === null ? {} : { sub: subject }) };
  const { body } = await exchange(sandbox, assertion(sandbox, claims));
  return text(body.access_token);
}

export type Caller = (method: string, path: string, body?: object) => Promise<Reply>;

/** Calls one of the services with one token. */
export function caller(url: string, token: string): Caller {
  return async (method, path, body) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    return read(
      await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
    );
  };
}

/** Calls Gmail below `users/me` as a person. */
export async function gmailAs(
  sandbox: GoogleSandbox,
  subject: string,
  scopes = "gmail.modify",
  at = new Date(),
): Promise<Caller> {
  return caller(`${sandbox.gmailUrl}/gmail/v1/users/me`, await tokenFor(sandbox, subject, scopes, at));
}

/** A short mail; `headers` are added or replace the usual ones. */
export function mail(headers: Readonly<Record<string, string>> = {}, body = "Hello"): Uint8Array {
  const all = { From: ANN, To: BOB, Subject: "Offer", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}\r\n`);
}

export const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

async function read(response: Response): Promise<Reply> {
  const answer = await response.text();
  return {
    status: response.status,
    body: (answer === "" ? {} : JSON.parse(answer)) as Json,
    headers: response.headers,
  };
}
