import { generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { openGoogleConnector } from "../../../connectors/google-workspace/connector.ts";
import type { MessageRef } from "../../../src/core/message.ts";
import type { Logger, MailConnector } from "../../../src/core/ports.ts";
import type { DirectoryMailbox, GoogleTenantSettings } from "../../../src/core/tenant.ts";

// Hand-written answers over loopback HTTP, made from the API's description, for what a whole sandbox cannot arrange.

export interface Asked {
  readonly method: string;
  /** Without the query, for instance `/gmail/v1/users/me/profile`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  /** The subject of the token and the scope that it was minted for; empty on the token endpoint. */
  readonly subject: string;
  readonly scope: string;
}

export type Answer = {
  readonly status?: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Closes the connection without an answer. */
  readonly drop?: boolean;
};
export type Answers = (asked: Asked) => Answer | undefined | Promise<Answer | undefined>;

const KEY = generateKeyPairSync("rsa", { modulusLength: 2_048 });
export const SERVICE_ACCOUNT = "postern@p.iam.example";

export interface GoogleStub {
  readonly url: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** The token endpoint grants everything unless `answers` says otherwise for `/token`. */
export async function startStub(answers: Answers): Promise<GoogleStub> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void reply(request).then((answer) => {
      if (answer.drop === true) {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers });
      response.end(JSON.stringify(answer.json ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function reply(request: IncomingMessage): Promise<Answer> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? "/", "http://stub");
    const [subject = "", scope = ""] = fromToken(request.headers.authorization);
    const seen = { method: request.method ?? "", path: url.pathname, query: url.searchParams, body, subject, scope };
    asked.push(seen);
    const own = await answers(seen);
    if (own !== undefined) return own;
    if (url.pathname.endsWith("/token")) return { json: grant(body) };
    return { status: 404, json: NOT_FOUND };
  }
}

/** Claims of the assertion in a token request. */
export function assertionOf(body: string): Record<string, unknown> {
  const [, claims = ""] = (new URLSearchParams(body).get("assertion") ?? "").split(".");
  return JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<string, unknown>;
}

/** A token that says whose it is and for what. */
export function grant(body: string): object {
  const { sub, scope } = assertionOf(body);
  return { access_token: Buffer.from(`${sub ?? ""} ${scope}`).toString("base64url"), expires_in: 3_599 };
}

function fromToken(authorization: string | undefined): readonly string[] {
  return Buffer.from((authorization ?? "").replace("Bearer ", ""), "base64url")
    .toString()
    .split(" ");
}

export const NOT_FOUND = googleError(404, "notFound", "Requested entity was not found.", "NOT_FOUND");

export function googleError(code: number, reason: string, message: string, status?: string): object {
  return { error: { code, message, errors: [{ message, domain: "global", reason }], ...(status ? { status } : {}) } };
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export interface Opened {
  readonly connector: MailConnector & { close(): void };
  readonly counts: string[];
}

export function openAgainst(
  url: string,
  change: Partial<GoogleTenantSettings> = {},
  options: {
    readonly people?: readonly string[];
    /** People whom groups, domains or units of the choice take in. */
    readonly chosen?: readonly string[];
    readonly now?: () => Date;
    readonly logger?: Logger;
  } = {},
): Opened {
  const people = options.people ?? ["ann@corp.example", "bob@corp.example"];
  const counts: string[] = [];
  const settings: GoogleTenantSettings = {
    provider: "google",
    name: "Corp",
    customerId: "C0123",
    adminEmail: "admin@corp.example",
    credential: {
      kind: "service-account-key",
      key: {
        client_email: SERVICE_ACCOUNT,
        private_key: KEY.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      },
    },
    pubsub: { project: "p", topic: "postern", subscription: "postern", delivery: "pull" },
    mailboxes: ["ann@corp.example"],
    stages: ["sent"],
    mode: "respond",
    ...change,
  };
  const connector = openGoogleConnector(settings, {
    tenantId: "t1",
    endpoints: {
      gmailUrl: url,
      tokenUrl: `${url}/token`,
      adminUrl: `${url}/`,
      pubsubUrl: url,
      certsUrl: `${url}/certs`,
      iamUrl: url,
    },
    clock: { now: options.now ?? (() => new Date()) },
    logger: options.logger ?? silent,
    metrics: { count: (name, labels) => counts.push(`${name} ${Object.values(labels ?? {}).join(" ")}`), observe() {} },
    lookup: async (address) =>
      people.includes(address) ? { ...person(address), chosen: options.chosen?.includes(address) ?? false } : undefined,
  });
  return { connector, counts };
}

function person(address: string): DirectoryMailbox {
  return { address, userId: address, aliases: [], displayName: address, manager: null, usable: true };
}

export function aRef(messageId: string, mailbox = "ann@corp.example"): MessageRef {
  return { provider: "google", tenantId: "t1", mailbox, messageId };
}

export const never = new AbortController().signal;
