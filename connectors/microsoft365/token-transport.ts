import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from "@azure/msal-node";
import { isPosternError, PosternError } from "../../src/core/errors.ts";
import type { Throttle } from "./throttle.ts";

/** A token endpoint that is silent for so long (ms) is taken to be away. */
const TIMEOUT_MS = 20_000;
const LANE = "token";
const TRIES = 3;

/**
 * msal's way to the network: one address, no redirects, our patience. Outages and throttling are kept aside, because
 * msal replaces what its network module throws by an error of its own.
 */
export function createTokenTransport(
  tokenUrl: string,
  throttle: Throttle,
  fetcher: typeof fetch,
): { readonly client: INetworkModule; takeFailure(): PosternError | undefined; close(): void } {
  const closed = new AbortController();
  let failure: PosternError | undefined;

  async function once(options?: NetworkRequestOptions): Promise<{ response: Response; text: string } | undefined> {
    const done = await throttle.turn(LANE, closed.signal);
    try {
      const response = await fetcher(tokenUrl, {
        method: "POST",
        headers: { accept: "application/json", ...options?.headers },
        ...(options?.body === undefined ? {} : { body: options.body }),
        redirect: "manual",
        signal: AbortSignal.any([closed.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      return { response, text: await response.text() };
    } catch {
      return undefined;
    } finally {
      done();
    }
  }

  async function post<T>(options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    for (let tries = 1; ; tries += 1) {
      const answer = await once(options);
      const status = answer?.response.status ?? 0;
      if (answer !== undefined && status < 500 && status !== 429) {
        const body: T = JSON.parse(answer.text);
        return { headers: {}, body, status };
      }
      const wait = throttle.rest(answer?.response.headers.get("retry-after") ?? null, tries);
      throttle.hold(LANE, wait);
      if (tries >= TRIES || !throttle.isShort(wait)) throw away(status, wait);
    }
  }

  return {
    client: {
      sendPostRequestAsync: async <T>(_url: string, options?: NetworkRequestOptions) => {
        failure = undefined;
        try {
          return await post<T>(options);
        } catch (error) {
          failure = isPosternError(error) ? error : unreadable();
          throw failure;
        }
      },
      sendGetRequestAsync: () => {
        // Everything that msal looks up by GET was told to it.
        failure = new PosternError("CONFIG_INVALID", "msal asked for an address that it was told already");
        throw failure;
      },
    },
    takeFailure: () => failure,
    close: () => closed.abort(new PosternError("PROVIDER_UNAVAILABLE", "The connector is closed")),
  };
}

function away(status: number, wait: number): PosternError {
  const details = { call: "token", status };
  if (status === 429) {
    return new PosternError("PROVIDER_THROTTLED", "The token endpoint asks for a rest", {
      details,
      retryAfterMs: wait,
    });
  }
  return new PosternError("PROVIDER_UNAVAILABLE", "The token endpoint does not answer", { details });
}

function unreadable(): PosternError {
  return new PosternError("PROVIDER_UNAVAILABLE", "The token endpoint's answer cannot be read", {
    details: { call: "token" },
  });
}
