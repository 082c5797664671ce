import type { ActionKind, ActionOutcome, PlannedAction } from "./action.ts";
import type { MessageRef, Provider, Recipient, Stage } from "./message.ts";
import type { Directory, DirectoryMailbox, TenantCheck, TenantMode } from "./tenant.ts";
import type { TestMailRoute } from "./test-mail.ts";

/** What the pipeline asks of a mail provider; one object per connected tenant. */
export interface MailConnector {
  readonly provider: Provider;

  /** The kinds of action that this provider can do at all at a stage. */
  can(stage: Stage): ReadonlySet<ActionKind>;

  /** Tries every call that the mode needs, once. Never throws for a missing right: that is a check with `ok: false`. */
  check(mode: TenantMode, signal: AbortSignal): Promise<readonly TenantCheck[]>;

  /** Reads users, verified mail domains, managers and groups, all pages. */
  directory(signal: AbortSignal): Promise<Directory>;

  /**
   * Who came, changed and went in the directory after `cursor`; without one only a new cursor, for changes from now on.
   * Absent where the directory can only be read whole.
   * @throws PosternError CURSOR_EXPIRED when the provider no longer knows the cursor.
   */
  directoryChanges?(cursor: string | undefined, signal: AbortSignal): Promise<DirectoryChanges>;

  /**
   * What appeared in a mailbox at a stage after `cursor`, all pages.
   * Without a cursor (first time, or after CURSOR_EXPIRED) a new one is made and `messages` holds what appeared at or
   * after `since`, nothing older. The caller stores the new cursor only after the messages are durable.
   * @throws PosternError CURSOR_EXPIRED when the provider no longer knows the cursor.
   */
  changes(request: ChangesRequest, signal: AbortSignal): Promise<Changes>;

  /** Past messages of a mailbox, oldest first where the provider can, for backfill. */
  list(mailbox: string, window: TimeWindow, signal: AbortSignal): AsyncIterable<MessageRef>;

  /** Creates or renews the push registration of a mailbox and stage. */
  watch(request: WatchRequest, signal: AbortSignal): Promise<Watch>;

  /** Ends a registration; one that is gone already is no error. */
  unwatch(mailbox: string, watch: Watch, signal: AbortSignal): Promise<void>;

  /**
   * What the provider's transport took from senders in a window, one entry a message; absent where there is no such
   * list. @throws PosternError PROVIDER_FORBIDDEN where the right to read it was not granted.
   */
  traces?(window: TimeWindow, signal: AbortSignal): Promise<readonly SentTrace[]>;

  /** All push registrations of the application at the provider; absent where they cannot be listed. */
  watches?(signal: AbortSignal): Promise<readonly ListedWatch[]>;

  /**
   * Reads one message.
   * @throws PosternError MESSAGE_NOT_FOUND when the id is unknown (fresh mail may appear a little later).
   */
  fetch(ref: MessageRef, signal: AbortSignal): Promise<FetchedMessage>;

  /** Does one action; the same action again changes nothing more. */
  perform(action: PlannedAction, signal: AbortSignal): Promise<ActionOutcome>;

  /**
   * Waits for pushed hints where the provider is polled (Pub/Sub pull); absent elsewhere.
   * Returns after at most about 30 s, with an empty list when there was nothing. `acknowledge` is called after the
   * hints are durable; hints that are not acknowledged come again.
   */
  pull?(signal: AbortSignal): Promise<Pulled>;

  /** For the live check of a tenant; absent where the provider cannot send. */
  readonly testMail?: TestMailRoute;
}

export interface ChangesRequest {
  readonly mailbox: string;
  readonly stage: Stage;
  readonly cursor: string | undefined;
  readonly since: Date;
}

export interface Changes {
  readonly messages: readonly MessageRef[];
  readonly cursor: string;
}

export interface TimeWindow {
  readonly since: Date;
  readonly until: Date;
}

export interface WatchRequest {
  readonly mailbox: string;
  readonly stage: Stage;
  /** The registration that is to be renewed; undefined creates one. */
  readonly current: Watch | undefined;
  /** Where the provider sends notifications: `${POSTERN_PUBLIC_URL}/webhooks/...`. */
  readonly notificationUrl: string;
  readonly lifecycleUrl: string;
  /** Secret that the provider sends back with each notification of a newly created registration. */
  readonly clientState: string;
}

export interface Watch {
  /** Graph: subscription id. Gmail: the topic's name. */
  readonly id: string;
  /** As the provider answered, not as asked. */
  readonly expiresAt: Date;
  /** True when it is another registration than `current`: changes in between may have gone unseen. */
  readonly created: boolean;
}

/** A registration as the provider lists it: ours, or another installation's of the same application. */
export interface ListedWatch extends Pick<Watch, "id" | "expiresAt"> {
  readonly notificationUrl: string;
}

/** One message as transport saw it, whether or not its sender kept a copy. Addresses are in lower case. */
export interface SentTrace {
  readonly internetMessageId: string;
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly at: Date | null;
}

export interface DirectoryChanges {
  readonly cursor: string;
  /** New and changed ones as they are now. */
  readonly mailboxes: readonly DirectoryMailbox[];
  /** `userId` of those who are gone. */
  readonly gone: readonly string[];
  /** More changed than is read one by one: the whole directory is to be read instead. */
  readonly many: boolean;
}

export interface FetchedMessage {
  readonly mime: Uint8Array;
  /** From the provider's metadata, where it knows more than the MIME text (Bcc). Empty when it has none. */
  readonly recipients: readonly Recipient[];
  /** Still a draft: seen in the mailbox's sent view too early, or autosaved. */
  readonly isDraft: boolean;
  /** Attachments that are links to files in a cloud, which the MIME text says nothing of; none when absent. */
  readonly cloudFiles?: number;
  /** When the provider says that it was sent or last saved. */
  readonly at: Date | null;
}

/** Something that a provider pushed, not yet trusted. */
export type Hint =
  /** Graph: a message appeared or changed. `watchId` and `secret` must fit what was stored. */
  | {
      readonly kind: "message";
      readonly watchId: string;
      readonly secret: string;
      readonly tenant: string;
      readonly messageId: string;
    }
  /** Graph: about the registration itself. */
  | {
      readonly kind: "lifecycle";
      readonly watchId: string;
      readonly secret: string;
      readonly tenant: string;
      readonly event: "reauthorization-required" | "removed" | "missed";
    }
  /** Gmail: something happened in a mailbox. Carries no message id; the history id in it must not be used. */
  | { readonly kind: "mailbox"; readonly mailbox: string };

export interface Pulled {
  readonly hints: readonly Hint[];
  acknowledge(): Promise<void>;
}

/** Done in this order: `crowded` is live work beyond what its sender may ask for before others. */
export type QueuePriority = "live" | "crowded" | "bulk";

/** A queue of one kind of job: a wake-up list, never the record of what was accepted. */
export interface Queue<Job> {
  /** A job with the same `key` that still waits is not added twice. */
  add(
    job: Job,
    options?: { readonly key?: string; readonly priority?: QueuePriority; readonly delayMs?: number },
  ): Promise<void>;
  addMany(
    jobs: readonly { readonly job: Job; readonly key?: string; readonly priority?: QueuePriority }[],
  ): Promise<void>;
  /** Starts working; resolves when ready. A handler that throws is logged, and the job is not tried again by the queue. */
  work(handle: (job: Job, signal: AbortSignal) => Promise<void>, concurrency: number): Promise<void>;
  /** Jobs that wait and jobs under way. */
  depth(): Promise<{ readonly waiting: number; readonly active: number }>;
  /** Stops taking jobs, waits for those under way, closes. */
  close(): Promise<void>;
}

/** Sealed storage of content and secrets: AES-256-GCM, bound to tenant and key. */
export interface Vault {
  /** Durable when it resolves: written, read back and compared. */
  put(tenantId: string, key: string, content: Uint8Array): Promise<{ readonly sha256: string }>;
  /** @throws PosternError NOT_FOUND, or CONTENT_UNREADABLE when it was damaged or sealed with another key. */
  get(tenantId: string, key: string): Promise<Uint8Array>;
  remove(tenantId: string, key: string): Promise<void>;
}

/**
 * Bytes by key, durable when `put` resolves. Knows nothing of what they mean: the vault seals them before.
 * `put` replaces what stood there; removing what is not there is no error.
 */
export interface BlobStore {
  put(key: string, bytes: Uint8Array): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
  remove(key: string): Promise<void>;
}

/** Seals small secrets (a tenant's credential) into text for a table. `context` says whose it is and what it is. */
export interface Sealer {
  seal(context: string, plain: Uint8Array): string;
  /** @throws PosternError CONTENT_UNREADABLE when it was damaged, moved to another context or sealed with another key. */
  open(context: string, sealed: string): Uint8Array;
}

export interface Clock {
  now(): Date;
}

/** What rooms log with: facts first, then a static message. Facts never carry content. */
export interface Logger {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** Counters by name; `app` exports them at /metrics. */
export interface Metrics {
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void;
  observe(name: string, seconds: number, labels?: Readonly<Record<string, string>>): void;
}

/** A web-hook request as it came in, before anything of it is trusted. */
export interface InboundPush {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** A push body that is not what the provider sends answers 400; the rest is judged hint by hint. */
export type ReadPush =
  | { readonly ok: true; readonly hints: readonly Hint[] }
  | { readonly ok: false; readonly reason: string };
