import type { Context, Middleware, MiddlewareOptions } from "@microsoft/microsoft-graph-client";

/** Carries one call's token through the SDK to `BearerMiddleware`. */
export class BearerToken implements MiddlewareOptions {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}

/**
 * Puts the token on requests to Graph's address and refuses any other address. The SDK's own handler knows Microsoft's
 * public hosts only and insists on https, so that sandboxes on the loopback would get no token.
 */
export class BearerMiddleware implements Middleware {
  readonly #root: string;
  #next: Middleware | undefined;

  constructor(graphUrl: string) {
    this.#root = `${graphUrl}/`;
  }

  async execute(context: Context): Promise<void> {
    const url = context.request instanceof Request ? context.request.url : String(context.request);
    if (!url.startsWith(this.#root)) throw new TypeError("A request would leave Microsoft Graph");
    const option: MiddlewareOptions | undefined = context.middlewareControl?.getMiddlewareOptions(BearerToken);
    const headers = new Headers(context.options?.headers);
    if (option instanceof BearerToken) headers.set("authorization", `Bearer ${option.value}`);
    context.options = { ...context.options, headers };
    await this.#next?.execute(context);
  }

  setNext(next: Middleware): void {
    this.#next = next;
  }
}

/** The last of the chain: one request, no redirects. */
export class FetchMiddleware implements Middleware {
  readonly #fetch: typeof fetch;

  constructor(fetcher: typeof fetch) {
    this.#fetch = fetcher;
  }

  async execute(context: Context): Promise<void> {
    context.response = await this.#fetch(context.request, { ...context.options, redirect: "manual" });
  }
}
