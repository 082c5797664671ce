import type { Stage } from "./message.ts";

export type TenantMode = "observe" | "respond";
export type TenantState = "active" | "degraded" | "failed";

export type MicrosoftCloud = "global" | "us-gov-high" | "us-gov-dod" | "china";

export type MicrosoftCredential =
  | { readonly kind: "secret"; readonly value: string }
  | { readonly kind: "certificate"; readonly pem: string }
  /** A file that holds a signed assertion of the workload's identity provider. */
  | { readonly kind: "federated"; readonly tokenFile: string };

export type GoogleCredential =
  | {
      readonly kind: "service-account-key";
      /** `client_id` is the account's number, which domain-wide delegation is granted to. */
      readonly key: { readonly client_email: string; readonly private_key: string; readonly client_id?: string };
    }
  /** The service account that IAM signs for; `accessToken` file or metadata server gives the caller's identity. */
  | { readonly kind: "keyless"; readonly serviceAccount: string; readonly tokenFile?: string };

interface TenantSettingsBase {
  readonly name: string;
  /** `all`, or a choice in lower case: addresses of mailboxes and groups, `*@domain`, Google's `ou:/path`, each with `!`. */
  readonly mailboxes: "all" | readonly string[];
  readonly stages: readonly Stage[];
  readonly mode: TenantMode;
  /** Sends the notices. */
  readonly serviceMailbox?: string;
}

export interface MicrosoftTenantSettings extends TenantSettingsBase {
  readonly provider: "microsoft";
  readonly tenantId: string;
  readonly clientId: string;
  readonly cloud: MicrosoftCloud;
  readonly credential: MicrosoftCredential;
  readonly capabilities?: MicrosoftCapabilities;
}

/** Ways of acting that not every tenant has, or wants. */
export interface MicrosoftCapabilities {
  /** Defender for Office 365 Plan 2 takes copies back where the recipient's mailbox may not be changed; off. */
  readonly defender?: boolean;
  /** What was deleted or expired is purged; otherwise it goes to the recoverable items. On where the cloud has it. */
  readonly permanentDelete?: boolean;
}

/** Ways of acting that not every customer wants; all off unless set. */
export interface GoogleCapabilities {
  /** A message is left in the mailbox of a recipient whose copy was taken back. */
  readonly tombstone?: boolean;
  /** A mailbox of the customer that gets a copy of every sent mail that is quarantined, beside Postern's own sealed one. */
  readonly evidenceMailbox?: string;
}

export interface GoogleTenantSettings extends TenantSettingsBase {
  readonly provider: "google";
  readonly capabilities?: GoogleCapabilities;
  readonly customerId: string;
  /** The administrator who is impersonated for directory reads. */
  readonly adminEmail: string;
  readonly credential: GoogleCredential;
  readonly pubsub: {
    readonly project: string;
    readonly topic: string;
    readonly subscription: string;
    readonly delivery: "pull" | "push";
    readonly audience?: string;
    readonly serviceAccount?: string;
  };
}

/** What an administrator sends to connect a tenant, with its credential in clear. Sealed before it is stored. */
export type TenantSettings = MicrosoftTenantSettings | GoogleTenantSettings;

/** One call that the tenant's mode needs, tried once. */
export interface TenantCheck {
  /** For instance `token`, `users`, `read-message`, `subscriptions`. */
  readonly name: string;
  readonly ok: boolean;
  /** The permission, scope or set-up step that is missing; null when ok. */
  readonly missing: string | null;
  /** What the administrator does about it, one sentence; null when ok. */
  readonly grant: string | null;
  /** What an administrator should know of it though nothing is missing. */
  readonly note?: string;
}

/** A tenant as stored and shown: without its credential. */
export interface Tenant {
  readonly id: string;
  readonly provider: "microsoft" | "google";
  readonly name: string;
  /** The provider's own id: directory id or customer id. Unique. */
  readonly externalId: string;
  readonly mode: TenantMode;
  readonly mailboxes: "all" | readonly string[];
  readonly stages: readonly Stage[];
  readonly serviceMailbox: string | null;
  readonly state: TenantState;
  readonly checks: readonly TenantCheck[];
  /** Verified mail domains, lower case. */
  readonly domains: readonly string[];
  readonly createdAt: Date;
}

/** A person or shared mailbox of the tenant's directory. */
export interface DirectoryMailbox {
  /** Primary address, lower case. */
  readonly address: string;
  /** The provider's id of the user. */
  readonly userId: string;
  /** Other addresses that reach it, lower case. */
  readonly aliases: readonly string[];
  readonly displayName: string;
  /** Primary address of the manager, null when none is known. */
  readonly manager: string | null;
  /** False for suspended, unlicensed or never set-up mailboxes: nothing can be watched there. */
  readonly usable: boolean;
  /** Language of the person as the directory has it (BCP 47, for instance `nl-NL`); absent when none is known. */
  readonly language?: string;
  /** Whether the tenant's choice of mailboxes takes it; known to those who look it up, not stored. */
  readonly chosen?: boolean;
}

/** A distribution list or group address of the tenant, expanded through nested groups. */
export interface DirectoryGroup {
  readonly address: string;
  readonly aliases: readonly string[];
  /** Addresses of all members, lower case; those outside the tenant too. */
  readonly members: readonly string[];
}

export interface Directory {
  readonly domains: readonly string[];
  readonly mailboxes: readonly DirectoryMailbox[];
  readonly groups: readonly DirectoryGroup[];
}
