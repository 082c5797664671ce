import type { z } from "zod";
import type { messageSchema, quarantineSchema } from "../../src/http/api/records.ts";

export type MessageView = z.output<typeof messageSchema>;
export type QuarantineView = z.output<typeof quarantineSchema>;

export interface ApiReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The administration API as a test speaks to it. */
export interface Api {
  request(method: string, path: string, body?: unknown, contentType?: string): Promise<ApiReply>;
  messages(query?: string): Promise<readonly MessageView[]>;
  incidents(query?: string): Promise<readonly MessageView[]>;
  quarantine(query?: string): Promise<readonly QuarantineView[]>;
}

export function openApi(url: string, token: string): Api {
  async function request(
    method: string,
    path: string,
    body?: unknown,
    contentType = "application/json",
  ): Promise<ApiReply> {
    const send = () =>
      fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": contentType }) },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
    // A kept connection may be closed by the server in the moment in which it is used again.
    const response = await (method === "GET" ? send().catch(send) : send());
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? {} : (JSON.parse(text) as ApiReply["body"]),
    };
  }
  const list = async (path: string): Promise<unknown> => (await request("GET", path)).body.items;
  return {
    request,
    messages: (query = "") => list(`/api/v1/messages${query}`) as Promise<readonly MessageView[]>,
    incidents: (query = "") => list(`/api/v1/incidents${query}`) as Promise<readonly MessageView[]>,
    quarantine: (query = "") => list(`/api/v1/quarantine${query}`) as Promise<readonly QuarantineView[]>,
  };
}
