import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "vitest";
import {
  type MicrosoftSandbox,
  type MicrosoftSandboxOptions,
  startMicrosoftSandbox,
} from "../../../connectors/sandbox/microsoft/sandbox.ts";
import { checkGraphAnswer, checkGraphRequest } from "../../support/graph-spec.ts";

export interface GraphAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
  readonly json: any;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly version?: "v1.0" | "beta";
  /** The request or the answer is meant to be outside the specification. */
  readonly unchecked?: boolean;
}

export interface Rig {
  readonly sandbox: MicrosoftSandbox;
  /** After a 401 the next call has a new token. A call has immutable ids unless the headers say otherwise; both sides are held against the specification. */
  call(method: string, path: string, options?: CallOptions): Promise<GraphAnswer>;
  close(): Promise<void>;
}

/** A sandbox with ann@, bob@ and eve@corp.example and a client that has a token. */
export async function startRig(options: MicrosoftSandboxOptions = {}): Promise<Rig> {
  const sandbox = await startMicrosoftSandbox({ domains: ["corp.example"], ...options });
  sandbox.addUser({ address: "ann@corp.example", displayName: "Ann Archer", manager: "bob@corp.example" });
  sandbox.addUser({ address: "bob@corp.example", displayName: "Bob Baker", aliases: ["robert@corp.example"] });
  sandbox.addUser({ address: "eve@corp.example", displayName: "Eve Ember" });
  // Tests that turn the clock are not about tokens.
  sandbox.application.tokenLifeSeconds = 30 * 86_400;
  let token = await accessToken(sandbox);
  return {
    sandbox,
    call: async (method, path, { body, headers = {}, version = "v1.0", unchecked = false } = {}) => {
      const url = new URL(path.startsWith("http") ? path : `${sandbox.graphUrl}/${version}${path}`);
      const isText = typeof body === "string";
      const sent = {
        authorization: `Bearer ${token}`,
        prefer: 'IdType="ImmutableId"',
        ...(body === undefined ? {} : { "content-type": isText ? "text/plain" : "application/json" }),
        ...headers,
      };
      const text = body === undefined ? "" : isText ? body : JSON.stringify(body);
      const response = await fetch(url, { method, headers: sent, ...(text === "" ? {} : { body: text }) });
      const bytes = Buffer.from(await response.arrayBuffer());
      const isJson = /json/.test(response.headers.get("content-type") ?? "");
      const json: unknown = isJson ? JSON.parse(bytes.toString()) : undefined;
      if (!unchecked) {
        const seen = { method, path: url.pathname, query: url.searchParams, headers: sent, body: Buffer.from(text) };
        expect(checkGraphRequest(seen)).toEqual([]);
        if (json !== undefined)
          expect(checkGraphAnswer(method, url.pathname, response.status, withoutRemoved(json))).toEqual([]);
      }
      if (response.status === 401) token = await accessToken(sandbox);
      return { status: response.status, headers: response.headers, bytes, json };
    },
    close: () => sandbox.close(),
  };
}

/** `@removed` is an annotation of the protocol that the entity schemas do not know. */
function withoutRemoved(json: unknown): unknown {
  const { value } = json as { readonly value?: unknown };
  if (!Array.isArray(value)) return json;
  return { ...(json as object), value: value.map(({ "@removed": _, ...rest }: Record<string, unknown>) => rest) };
}

export async function accessToken(sandbox: MicrosoftSandbox): Promise<string> {
  const { access_token } = (await requestToken(sandbox, { client_secret: sandbox.clientSecret })).json;
  return String(access_token);
}

export async function requestToken(
  sandbox: MicrosoftSandbox,
  proof: Readonly<Record<string, string>>,
  tenant = sandbox.tenantId,
): Promise<{ readonly status: number; readonly json: Record<string, unknown> }> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: sandbox.clientId,
    scope: "https://graph.microsoft.com/.default",
    ...proof,
  });
  const response = await fetch(`${sandbox.loginUrl}/${tenant}/oauth2/v2.0/token`, { method: "POST", body: form });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

export interface Mail {
  readonly to?: string;
  readonly cc?: string;
  readonly bcc?: string;
  readonly subject?: string;
  readonly id?: string;
  readonly body?: string;
  readonly headers?: readonly string[];
}

export function mimeOf({
  to = "bob@corp.example",
  cc,
  bcc,
  subject = "Hello",
  id = "<m1@corp.example>",
  body = "Hi.",
  headers = [],
}: Mail = {}): Buffer {
  const lines = [
    "From: Ann Archer <ann@corp.example>",
    `To: ${to}`,
    ...(cc ? [`Cc: ${cc}`] : []),
    ...(bcc ? [`Bcc: ${bcc}`] : []),
    `Subject: ${subject}`,
    `Message-ID: ${id}`,
    ...headers,
    "",
    body,
  ];
  return Buffer.from(lines.join("\r\n"));
}

export interface Hook {
  readonly url: string;
  /** Notifications in the order in which they came. */
  readonly received: Record<string, unknown>[];
  /** Requests of the validation handshake. */
  readonly validations: { readonly url: string; readonly type: string; readonly body: string }[];
  /** What the next notification requests are answered with; 202 when the list is empty. */
  readonly statuses: number[];
  close(): Promise<void>;
}

/** A client's notification endpoint. `validate` answers the handshake; the right way when left out. */
export async function startHook(
  validate: (token: string) => { status: number; type: string; body: string } = echo,
): Promise<Hook> {
  const received: Record<string, unknown>[] = [];
  const validations: { url: string; type: string; body: string }[] = [];
  const statuses: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://hook");
      const body = Buffer.concat(chunks).toString();
      const token = url.searchParams.get("validationToken");
      if (token !== null) {
        validations.push({ url: request.url ?? "", type: request.headers["content-type"] ?? "", body });
        const answer = validate(token);
        response.writeHead(answer.status, { "Content-Type": answer.type }).end(answer.body);
        return;
      }
      const status = statuses.shift() ?? 202;
      if (status < 300) received.push(...(JSON.parse(body) as { value: Record<string, unknown>[] }).value);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/graph`,
    received,
    validations,
    statuses,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function echo(body: string) {
  return { status: 200, type: "text/plain", body };
}
