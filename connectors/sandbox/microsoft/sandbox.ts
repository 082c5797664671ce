import { randomBytes, randomUUID } from "node:crypto";
import { type AccessTokens, createAccessTokens } from "./access-token.ts";
import { type Actions, createActions } from "./actions.ts";
import type { Application } from "./application.ts";
import type { DeltaTokens } from "./delta.ts";
import type { ScopedRoles } from "./dispatch.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createThrottle, type Meters } from "./meters.ts";
import { createNotifier, type Notifications } from "./notifier.ts";
import { type Quirks, standardQuirks } from "./quirks.ts";
import { analyzedEmailRoutes } from "./routes/analyzed-emails.ts";
import { attachmentRoutes } from "./routes/attachments.ts";
import { categoryRoutes } from "./routes/categories.ts";
import { directoryRoutes } from "./routes/directory.ts";
import { draftRoutes } from "./routes/drafts.ts";
import { folderRoutes } from "./routes/folders.ts";
import { messageChangeRoutes } from "./routes/message-changes.ts";
import { messageTraceRoutes } from "./routes/message-traces.ts";
import { messageRoutes } from "./routes/messages.ts";
import { subscriptionRoutes } from "./routes/subscriptions.ts";
import { userRoutes } from "./routes/users.ts";
import type { SeenRequest } from "./seen-request.ts";
import { listen } from "./server.ts";
import { announce, createSubscriptions } from "./subscriptions.ts";
import type { OutsideMail, Tenant, Trace } from "./tenant.ts";
import { createTimers } from "./timers.ts";

export interface MicrosoftSandboxOptions {
  /** 0, any free port, when left out. */
  readonly port?: number;
  readonly tenantId?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** PEM certificates that may sign client assertions. */
  readonly certificates?: readonly string[];
  /** Verified mail domains; the first is the default one. */
  readonly domains?: readonly string[];
  /** Application roles that the administrator consented to; everything that Postern's widest mode needs when left out. */
  readonly roles?: readonly string[];
  readonly clock?: () => Date;
  /** Called when a request was answered or cut. */
  readonly onRequest?: (seen: SeenRequest) => void;
  /** Requests that are remembered; the oldest are forgotten first. 20,000 when left out. */
  readonly keepRequests?: number;
}

export interface MicrosoftSandbox extends Actions {
  /** Address of Graph without version: requests come to `{graphUrl}/v1.0/…` and `{graphUrl}/beta/…`. */
  readonly graphUrl: string;
  /** Address of the token endpoint: `{loginUrl}/{tenant}/oauth2/v2.0/token`. */
  readonly loginUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The application registration: secrets, certificates, roles, token life; may be changed while running. */
  readonly application: Application;
  /** Roles on some mailboxes only, by RBAC for Applications: role → addresses in lower case. */
  readonly scopedRoles: ScopedRoles;
  readonly quirks: Quirks;
  readonly faults: Faults;
  readonly notifications: Notifications;
  readonly meters: Meters;
  /** Requests from their arrival on, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** What left the tenant, oldest first. */
  readonly outside: readonly OutsideMail[];
  /** What transport handled, one line for each recipient. */
  readonly traces: readonly Trace[];
  /** Ends every access token: the next request answers 401. */
  revokeTokens(): void;
  /** Forgets every delta token: the next delta call answers 410 SyncStateNotFound. */
  expireDeltaTokens(): void;
  close(): Promise<void>;
}

/** What Postern asks an administrator for at most. */
const standardRoles = [
  "Mail.Read",
  "Mail.ReadWrite",
  "Mail.Send",
  "MailboxSettings.ReadWrite",
  "User.Read.All",
  "Domain.Read.All",
  "Organization.Read.All",
  "GroupMember.Read.All",
  "ExchangeMessageTrace.Read.All",
] as const;

/** Life of an access token in seconds. */
const tokenLifeSeconds = 3600;
const standardKeepRequests = 20_000;

/** Starts a tenant of its own in this process, with one application that has consent. Listens on loopback only. */
export async function startMicrosoftSandbox(options: MicrosoftSandboxOptions = {}): Promise<MicrosoftSandbox> {
  const now = options.clock ?? (() => new Date());
  const quirks = standardQuirks();
  const timers = createTimers();
  const tenant: Tenant = {
    id: options.tenantId ?? randomUUID(),
    domains: (options.domains ?? ["contoso.example"]).map((domain) => domain.toLowerCase()),
    users: new Map(),
    addresses: new Map(),
    groups: new Map(),
    mailboxes: new Map(),
    userHistory: [],
    outside: [],
    traces: [],
    quirks,
    now,
    later: timers.later,
    onChange: (mailbox, change) => announce(tenant, subscriptions, notifier, mailbox, change),
  };
  const clientSecret = options.clientSecret ?? randomBytes(24).toString("base64url");
  const application: Application = {
    clientId: options.clientId ?? randomUUID(),
    secrets: new Set([clientSecret]),
    certificates: new Set(options.certificates ?? []),
    roles: new Set(options.roles ?? standardRoles),
    tokenLifeSeconds,
    disabled: false,
  };
  const subscriptions = createSubscriptions();
  const deltaTokens: DeltaTokens = new Map();
  const tokens: AccessTokens = createAccessTokens();
  const scopedRoles: ScopedRoles = new Map();
  const notifier = createNotifier(now);
  const throttle = createThrottle(quirks, now);
  const { faults, match } = createFaults();
  const requests: SeenRequest[] = [];
  const keep = options.keepRequests ?? standardKeepRequests;

  const { server, url } = await listen(
    {
      tenant,
      application,
      tokens,
      scoped: scopedRoles,
      routes: [
        ...userRoutes(),
        ...directoryRoutes(),
        ...categoryRoutes(),
        ...subscriptionRoutes(subscriptions),
        ...folderRoutes(deltaTokens),
        ...messageRoutes(),
        ...messageChangeRoutes(),
        ...draftRoutes(),
        ...attachmentRoutes(),
        ...messageTraceRoutes(),
        ...analyzedEmailRoutes(),
      ],
      throttle,
      match,
      seen: (request) => {
        requests.push(request);
        if (requests.length > keep) requests.shift();
      },
      done: (request) => options.onRequest?.(request),
    },
    options.port ?? 0,
  );

  return {
    ...createActions(tenant, subscriptions, notifier),
    graphUrl: url,
    loginUrl: url,
    tenantId: tenant.id,
    clientId: application.clientId,
    clientSecret,
    application,
    scopedRoles,
    quirks,
    faults,
    notifications: notifier,
    meters: throttle,
    requests,
    outside: tenant.outside,
    traces: tenant.traces,
    revokeTokens: () => tokens.issued.clear(),
    expireDeltaTokens: () => deltaTokens.clear(),
    close: async () => {
      faults.clear();
      notifier.close();
      timers.clear();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
