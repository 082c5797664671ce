import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import type { TestCertificate } from "./certificate.ts";

export interface SeenUpload {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** As they came. */
  readonly bytes: Uint8Array;
}

/** What a sink does with an upload. `hang-up` stores nothing or everything, and gives no answer. */
export type SinkAnswer =
  | {
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly stored?: boolean;
    }
  | { readonly hangUp: true; readonly stored: boolean }
  /** Never answers; the connection stays. */
  | { readonly silent: true };

/** An HTTP collector on loopback whose behaviour a test decides, upload by upload. */
export interface HttpSink {
  readonly url: string;
  /** Everything that was asked, taken or not. */
  readonly seen: readonly SeenUpload[];
  /** Lines of the uploads that it took, in order, repeats included. */
  lines(): readonly string[];
  close(): Promise<void>;
}

/** @param tls speaks https, and is reached as `localhost` */
export async function startHttpSink(
  decide: (upload: SeenUpload, ordinal: number) => SinkAnswer | Promise<SinkAnswer> = () => ({ status: 200 }),
  tls?: TestCertificate,
): Promise<HttpSink> {
  const seen: SeenUpload[] = [];
  const stored: string[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void handle(request, response).catch(() => response.destroy());
  };
  const server = tls ? createTlsServer({ ...tls }, listener) : createServer(listener);
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const raw = Buffer.concat(pieces);
    const body = (request.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw).toString("utf8");
    const upload = { path: request.url ?? "", headers: request.headers, body, bytes: raw };
    seen.push(upload);
    const answer = await decide(upload, seen.length);
    if ("silent" in answer) return;
    const takes = answer.stored ?? ("status" in answer && answer.status < 300);
    if (takes) stored.push(...body.split("\n").filter((line) => line !== "" && line !== '{"content":"tests"}'));
    if ("hangUp" in answer) response.destroy();
    else response.writeHead(answer.status, answer.headers).end(answer.body ?? "");
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    seen,
    lines: () => stored,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
