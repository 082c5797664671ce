import { certRoutes } from "./auth/certs.ts";
import { iamRoutes } from "./auth/iam.ts";
import { makeSandboxKeys, type SandboxKeys } from "./auth/keys.ts";
import { CLOUD_PLATFORM } from "./auth/scopes.ts";
import { tokenRoute } from "./auth/token-endpoint.ts";
import { createTokenStore } from "./auth/tokens.ts";
import { domainRoutes } from "./directory/domains.ts";
import { groupRoutes } from "./directory/groups.ts";
import { userRoutes } from "./directory/users.ts";
import { gmailRoutes } from "./gmail/routes.ts";
import { createFaults, type Faults } from "./http/faults.ts";
import { type Listener, startListener } from "./http/listener.ts";
import { createMeters, type Meters } from "./http/meters.ts";
import { type Route, SERVICES, type ServiceName } from "./http/route.ts";
import type { SeenRequest } from "./http/seen.ts";
import type { Lag } from "./mail/lag.ts";
import { createOrganisation, type Organisation } from "./organisation.ts";
import { createBroker } from "./pubsub/broker.ts";
import type { Permission } from "./pubsub/permissions.ts";
import { createPusher, type PushAttempt } from "./pubsub/push.ts";
import { createPushControl, type PushControl } from "./pubsub/push-control.ts";
import { subscriptionRoutes } from "./pubsub/subscriptions.ts";
import { GMAIL_PUBLISHER, topicRoutes } from "./pubsub/topics.ts";
import { addPerson, type Behaviour, createWorld, type OutsideMail } from "./world.ts";

export interface GoogleSandboxOptions {
  /** Gmail listens here, the other services on the next four ports; 0 and default: any free ports. */
  readonly port?: number;
  /** Mail domains, the primary one first. Default `corp.example`. */
  readonly domains?: readonly string[];
  readonly clock?: () => Date;
  /** Told of every request when it has been read, before it is applied. */
  readonly onRequest?: (seen: SeenRequest) => void;
  /** Keys made before; default: fresh ones. */
  readonly keys?: SandboxKeys;
}

export interface GoogleSandbox extends Organisation {
  readonly gmailUrl: string;
  /** The full endpoint. */
  readonly tokenUrl: string;
  readonly adminUrl: string;
  readonly pubsubUrl: string;
  readonly certsUrl: string;
  readonly iamUrl: string;
  readonly customerId: string;
  readonly adminEmail: string;
  /** The key file's fields that matter. */
  readonly serviceAccount: { readonly client_email: string; readonly private_key: string; readonly client_id: string };
  /** Access token of the workload itself, for keyless use: what its metadata server would give. */
  readonly workloadToken: string;
  /** Short names, as a tenant's settings have them. */
  readonly pubsub: { readonly project: string; readonly topic: string; readonly subscription: string };
  /** As in the APIs: `projects/…/topics/…`. */
  readonly topicName: string;
  readonly subscriptionName: string;
  /** Scopes that the administrator delegated to the service account. Change it at will. */
  readonly delegation: Set<string>;
  /** IAM permissions of the service account. Change it at will. */
  readonly permissions: Set<Permission>;
  readonly behaviour: Behaviour;
  readonly outside: readonly OutsideMail[];
  /** Own addresses that mail was sent to and nobody has. */
  readonly undeliverable: readonly string[];
  readonly faults: Omit<Faults, "strike">;
  readonly lag: Omit<Lag, "hiddenAfter" | "claimsHead">;
  readonly requests: readonly SeenRequest[];
  readonly meters: Meters;
  readonly notifications: PushControl;
  /** Makes all access tokens invalid. */
  revokeTokens(): void;
  close(): Promise<void>;
}

const CUSTOMER_ID = "C0sandbox1";
const PROJECT = "postern-sandbox";
const ACK_DEADLINE_S = 60;

/** Starts a Google Workspace organisation with an administrator and nobody else, on loopback ports. */
export async function startGoogleSandbox(options: GoogleSandboxOptions = {}): Promise<GoogleSandbox> {
  const clock = options.clock ?? (() => new Date());
  const domains = (options.domains ?? ["corp.example"]).map((domain) => domain.toLowerCase());
  const { account: accountKey, push: pushKey } = options.keys ?? (await makeSandboxKeys());
  const attempts: PushAttempt[] = [];
  const pusher = createPusher({ key: pushKey, clock, onAttempt: (attempt) => attempts.push(attempt) });
  const pubsub = { project: PROJECT, topic: "postern", subscription: "postern" };
  const topicName = `projects/${PROJECT}/topics/${pubsub.topic}`;
  const subscriptionName = `projects/${PROJECT}/subscriptions/${pubsub.subscription}`;
  const broker = createBroker({ clock, push: pusher.push });
  broker.addTopic(topicName).publishers.add(GMAIL_PUBLISHER);
  broker.addSubscription({
    name: subscriptionName,
    topic: topicName,
    ackDeadlineSeconds: ACK_DEADLINE_S,
    pushConfig: null,
    ttlMs: null,
  });
  const email = `postern@${PROJECT}.iam.gserviceaccount.com`;
  const serviceAccount = { email, clientId: "108234567890123456789", key: accountKey };
  const tokens = createTokenStore(clock);
  const world = createWorld({
    clock,
    domains,
    customerId: CUSTOMER_ID,
    project: PROJECT,
    serviceAccount,
    tokens,
    broker,
  });
  const adminEmail = `admin@${domains[0]}`;
  addPerson(world, {
    address: adminEmail,
    name: "Alex Admin",
    aliases: [],
    manager: null,
    language: null,
    isAdmin: true,
    unit: "/",
    suspended: false,
    isMailboxSetup: true,
  });

  const faults = createFaults();
  const meters = createMeters(clock);
  const requests: SeenRequest[] = [];
  const routes: Readonly<Record<ServiceName, readonly Route[]>> = {
    gmail: gmailRoutes,
    oauth: [tokenRoute, ...certRoutes(() => [pushKey])],
    admin: [...userRoutes, ...groupRoutes, ...domainRoutes],
    pubsub: [...topicRoutes, ...subscriptionRoutes],
    iam: iamRoutes,
  };
  const started = await Promise.all(
    SERVICES.map(async (service, index): Promise<readonly [ServiceName, Listener]> => {
      const port = options.port === undefined || options.port === 0 ? 0 : options.port + index;
      const onSeen = (seen: SeenRequest): void => {
        requests.push(seen);
        options.onRequest?.(seen);
      };
      return [service, await startListener({ world, service, routes: routes[service], faults, meters, port, onSeen })];
    }),
  );
  const listeners = Object.fromEntries(started) as Readonly<Record<ServiceName, Listener>>;

  return {
    ...createOrganisation(world),
    gmailUrl: listeners.gmail.url,
    tokenUrl: `${listeners.oauth.url}/token`,
    adminUrl: listeners.admin.url,
    pubsubUrl: listeners.pubsub.url,
    certsUrl: listeners.oauth.url,
    iamUrl: listeners.iam.url,
    customerId: CUSTOMER_ID,
    adminEmail,
    serviceAccount: {
      client_email: email,
      private_key: accountKey.privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
      client_id: serviceAccount.clientId,
    },
    workloadToken: tokens.issue({ subject: null, scopes: [CLOUD_PLATFORM] }),
    pubsub,
    topicName,
    subscriptionName,
    delegation: world.delegation,
    permissions: world.permissions,
    behaviour: world.behaviour,
    outside: world.outside,
    undeliverable: world.undeliverable,
    faults,
    lag: world.lag,
    requests,
    meters,
    notifications: createPushControl({ world, topicName, subscriptionName, pushKey, attempts }),
    revokeTokens: tokens.revokeAll,
    close: async () => {
      pusher.close();
      faults.clear();
      await Promise.all(started.map(([, listener]) => listener.close()));
    },
  };
}
