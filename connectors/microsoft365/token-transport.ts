import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from "@azure/msal-node";
import { PosternError } from "../../src/core/errors.ts";
import { readRetryAfter } from "./throttle.ts";

/** A token endpoint that is silent for so long (ms) is taken to be away. */
const TIMEOUT_MS = 20_000;

/**
 * msal's way to the network: one address, no redirects. Outages and throttling are kept aside, because msal replaces
 * what its network module throws by an error of its own.
 */
export function createTokenTransport(
  tokenUrl: string,
  fetcher: typeof fetch,
): { readonly client: INetworkModule; takeFailure(): PosternError | undefined; close(): void } {
  const closed = new AbortController();
  let failure: PosternError | undefined;

  function fail(problem: PosternError): never {
    failure = problem;
    throw problem;
  }

  async function post<T>(options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    failure = undefined;
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const response = await fetcher(tokenUrl, {
        method: "POST",
        headers: { accept: "application/json", ...options?.headers },
        ...(options?.body === undefined ? {} : { body: options.body }),
        redirect: "manual",
        signal: AbortSignal.any([closed.signal, timeout]),
      });
      const text = await response.text();
      if (response.status === 429) fail(away("PROVIDER_THROTTLED", response));
      if (response.status >= 500) fail(away("PROVIDER_UNAVAILABLE", response));
      const body: T = JSON.parse(text);
      return { headers: {}, body, status: response.status };
    } catch (error) {
      if (failure !== undefined) throw failure;
      return fail(
        new PosternError("PROVIDER_UNAVAILABLE", "The token endpoint did not answer", {
          details: { call: "token", reason: error instanceof Error ? error.name : "unknown" },
        }),
      );
    }
  }

  return {
    client: {
      sendPostRequestAsync: async <T>(_url: string, options?: NetworkRequestOptions) => await post<T>(options),
      // Everything that msal looks up by GET was told to it.
      sendGetRequestAsync: async () => fail(new PosternError("CONFIG_INVALID", "msal asked for an unexpected address")),
    },
    takeFailure: () => failure,
    close: () => closed.abort(new PosternError("PROVIDER_UNAVAILABLE", "The connector is closed")),
  };
}

function away(code: "PROVIDER_THROTTLED" | "PROVIDER_UNAVAILABLE", response: Response): PosternError {
  const wait = readRetryAfter(response.headers.get("retry-after"));
  return new PosternError(code, `The token endpoint answered ${response.status}`, {
    details: { call: "token", status: response.status },
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}
