import { PosternError } from "../../src/core/errors.ts";
import type { MicrosoftCloud } from "../../src/core/tenant.ts";

/**
 * Login and Graph hosts of the clouds, and what is not everywhere.
 * Source: learn.microsoft.com/graph/deployments; the pages of permanentDelete, message traces and Defender list the global cloud only.
 */
const CLOUDS = {
  global: {
    login: "https://login.microsoftonline.com",
    graph: "https://graph.microsoft.com",
    permanentDelete: true,
    messageTraces: true,
  },
  "us-gov-high": {
    login: "https://login.microsoftonline.us",
    graph: "https://graph.microsoft.us",
    permanentDelete: false,
    messageTraces: false,
  },
  "us-gov-dod": {
    login: "https://login.microsoftonline.us",
    graph: "https://dod-graph.microsoft.us",
    permanentDelete: false,
    messageTraces: false,
  },
  china: {
    login: "https://login.chinacloudapi.cn",
    graph: "https://microsoftgraph.chinacloudapi.cn",
    permanentDelete: false,
    messageTraces: false,
  },
} as const satisfies Record<
  MicrosoftCloud,
  { login: string; graph: string; permanentDelete: boolean; messageTraces: boolean }
>;

export interface Endpoints {
  /** Without version and trailing slash. */
  readonly graphUrl: string;
  /** Without tenant and trailing slash. */
  readonly loginUrl: string;
  /** What tokens are asked for. The cloud's own audience, wherever `graphUrl` points. */
  readonly scope: string;
  /** Whether the cloud offers `permanentDelete` on messages. */
  readonly permanentDelete: boolean;
  /** Whether the cloud offers message traces. */
  readonly messageTraces: boolean;
}

/**
 * The addresses of a tenant's cloud, or those that are set instead of them.
 * @throws PosternError CONFIG_INVALID for an address that is neither https nor on the loopback.
 */
export function resolveEndpoints(
  cloud: MicrosoftCloud,
  given: { readonly graphUrl?: string; readonly loginUrl?: string },
): Endpoints {
  const own = CLOUDS[cloud];
  return {
    graphUrl: given.graphUrl === undefined ? own.graph : checkedAddress("POSTERN_GRAPH_URL", given.graphUrl),
    loginUrl: given.loginUrl === undefined ? own.login : checkedAddress("POSTERN_LOGIN_URL", given.loginUrl),
    scope: `${own.graph}/.default`,
    permanentDelete: own.permanentDelete,
    messageTraces: own.messageTraces,
  };
}

/** True for the host names that never leave this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** The address without a trailing slash. */
function checkedAddress(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new PosternError("CONFIG_INVALID", `${name} is not an address`);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw new PosternError("CONFIG_INVALID", `${name} must begin with https:// (http:// is allowed on loopback only)`);
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new PosternError("CONFIG_INVALID", `${name} must not hold credentials, a query or a fragment`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}
