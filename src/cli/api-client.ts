import { PosternError } from "../core/errors.ts";

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
  /** Undefined when the body is not JSON. */
  readonly json: unknown;
}

/** Speaks to the running service for the commands that need it. */
export interface ApiClient {
  call(
    method: string,
    path: string,
    body?: { readonly text: string; readonly contentType: string },
    accept?: string,
  ): Promise<ApiAnswer>;
  /** The JSON body of an answer with this status. @throws PosternError with the service's own words otherwise. */
  expect(answer: ApiAnswer, status: number): unknown;
}

/** @throws PosternError CONFIG_INVALID without a token. */
export function openApiClient(url: string, token: string | undefined): ApiClient {
  if (token === undefined)
    throw new PosternError("CONFIG_INVALID", "POSTERN_ADMIN_TOKEN is needed to speak to the service");
  return {
    async call(method, path, body, accept = "application/json") {
      const headers = {
        authorization: `Bearer ${token}`,
        accept,
        ...(body ? { "content-type": body.contentType } : {}),
      };
      try {
        const response = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: body.text } : {}) });
        const text = await response.text();
        return { status: response.status, text, json: parsed(text) };
      } catch (error) {
        throw new PosternError("STORE_UNAVAILABLE", `no service answers at ${url} (POSTERN_URL names another)`, {
          cause: error,
        });
      }
    },
    expect(answer, status) {
      if (answer.status === status) return answer.json;
      const problem = (answer.json ?? {}) as {
        readonly detail?: string;
        readonly errors?: readonly { readonly path: string; readonly reason: string }[];
      };
      const faults = (problem.errors ?? []).map(({ path, reason }) => `\n  ${fieldName(path)}: ${reason}`).join("");
      throw new PosternError(
        answer.status === 401 ? "UNAUTHENTICATED" : "REQUEST_INVALID",
        `the service answered ${answer.status}: ${faults === "" ? (problem.detail ?? "no reason given") : faults}`,
      );
    },
  };
}

/** `credential.value` for the JSON pointer `/credential/value`. */
function fieldName(pointer: string): string {
  return pointer === "" ? "the request" : pointer.slice(1).replaceAll("/", ".");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
