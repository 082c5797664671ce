import { openGoogleConnector } from "../../connectors/google-workspace/connector.ts";
import { openMicrosoftConnector } from "../../connectors/microsoft365/connector.ts";
import { PosternError } from "../core/errors.ts";
import type { Clock, Logger, MailConnector, Metrics } from "../core/ports.ts";
import type { TenantSettings } from "../core/tenant.ts";
import type { Config } from "./config.ts";
import type { Lookup } from "./tenant-registry.ts";

/** Opens the connector of a tenant's provider at the addresses of the configuration. */
export function openConnector(
  tenantId: string,
  settings: TenantSettings,
  lookup: Lookup,
  config: Config,
  tools: { readonly clock: Clock; readonly logger: Logger; readonly metrics: Metrics },
): MailConnector & { close(): void } {
  try {
    if (settings.provider === "microsoft")
      return openMicrosoftConnector(settings, {
        tenantId,
        lookup,
        ...tools,
        endpoints: present({ graphUrl: config.POSTERN_GRAPH_URL, loginUrl: config.POSTERN_LOGIN_URL }),
      });
    return openGoogleConnector(settings, {
      tenantId,
      lookup,
      ...tools,
      endpoints: present({
        gmailUrl: config.POSTERN_GMAIL_URL,
        tokenUrl: config.POSTERN_GOOGLE_TOKEN_URL,
        adminUrl: config.POSTERN_GOOGLE_ADMIN_URL,
        pubsubUrl: config.POSTERN_GOOGLE_PUBSUB_URL,
        certsUrl: config.POSTERN_GOOGLE_CERTS_URL,
        iamUrl: config.POSTERN_GOOGLE_IAM_URL,
      }),
    });
  } catch (error) {
    // A key that is none, an address that is not allowed: the administrator's settings, not our failure.
    if (error instanceof PosternError && error.code === "CONFIG_INVALID")
      throw new PosternError("REQUEST_INVALID", error.message);
    throw error;
  }
}

function present<Shape extends Record<string, string | undefined>>(shape: Shape): { [Key in keyof Shape]?: string } {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Shape]?: string;
  };
}
