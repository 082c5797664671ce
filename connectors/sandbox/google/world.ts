import type { ServiceAccount } from "./auth/keys.ts";
import { DEFAULT_DELEGATION } from "./auth/scopes.ts";
import type { TokenStore } from "./auth/tokens.ts";
import { type AttachmentIds, createAttachmentIds } from "./mail/attachment-ids.ts";
import { concernsLabel, type HistoryRecord } from "./mail/history.ts";
import { createLag, type Lag } from "./mail/lag.ts";
import { type Mailbox, type MailboxSurroundings, newMailbox } from "./mail/mailbox.ts";
import { findPerson, type People, type Person } from "./people.ts";
import type { Broker } from "./pubsub/broker.ts";
import { PERMISSIONS, type Permission } from "./pubsub/permissions.ts";

/** Mail that left the organisation. */
export interface OutsideMail {
  readonly at: Date;
  /** Primary address of the sender. */
  readonly from: string;
  /** External envelope recipients, lower case. */
  readonly recipients: readonly string[];
  readonly internetMessageId: string;
  readonly mime: Uint8Array;
}

/** Habits of Gmail that differ from account to account, or that nobody has measured. */
export interface Behaviour {
  /** Replaces the Message-ID of sent mail, as Gmail sometimes does. */
  rewriteMessageId: boolean;
}

/** The whole state of the sandbox. */
export interface World extends MailboxSurroundings {
  readonly clock: () => Date;
  readonly customerId: string;
  /** The first one is the primary domain. */
  readonly domains: readonly string[];
  /** Shown in the directory with `verified: false`. */
  readonly unverifiedDomains: string[];
  readonly project: string;
  readonly serviceAccount: ServiceAccount;
  /** Scopes that the service account may use for people. */
  readonly delegation: Set<string>;
  readonly permissions: Set<Permission>;
  readonly people: People;
  readonly mailboxes: Map<string, Mailbox>;
  readonly outside: OutsideMail[];
  /** Envelope recipients of an own domain whom nobody could be found for. */
  readonly undeliverable: string[];
  readonly lag: Lag;
  readonly attachmentIds: AttachmentIds;
  readonly tokens: TokenStore;
  readonly broker: Broker;
  readonly behaviour: Behaviour;
}

export interface WorldSettings {
  readonly clock: () => Date;
  readonly domains: readonly string[];
  readonly customerId: string;
  readonly project: string;
  readonly serviceAccount: ServiceAccount;
  readonly tokens: TokenStore;
  readonly broker: Broker;
}

/** Creates an organisation without people. */
export function createWorld(settings: WorldSettings): World {
  let sequence = 0;
  let created = 0n;
  const world: World = {
    ...settings,
    unverifiedDomains: [],
    delegation: new Set(DEFAULT_DELEGATION),
    permissions: new Set(PERMISSIONS),
    people: { persons: new Map(), groups: new Map() },
    mailboxes: new Map(),
    outside: [],
    undeliverable: [],
    lag: createLag(() => sequence),
    attachmentIds: createAttachmentIds(settings.clock),
    behaviour: { rewriteMessageId: false },
    nextSequence: () => {
      sequence += 1;
      return sequence;
    },
    newId: () => {
      // Ids of Gmail rise with time; the counter keeps those of one millisecond apart, also under a standing clock.
      created += 1n;
      return ((BigInt(settings.clock().getTime()) << 20n) | (created & 0xfffffn)).toString(16);
    },
    changed: (mailbox, record) => announce(world, mailbox, record),
  };
  return world;
}

/** Adds a person with an empty mailbox. */
export function addPerson(world: World, person: Omit<Person, "id">): Person {
  const number = world.people.persons.size + 1;
  const added: Person = { ...person, id: `${100_000_000_000_000_000_000n + BigInt(number) * 7_919n}` };
  world.people.persons.set(added.address, added);
  world.mailboxes.set(added.address, newMailbox(added.address, 1_000_000n + BigInt(number) * 13_577n));
  return added;
}

/** The mailbox that an address or alias reaches, when it can be used. */
export function usableMailbox(world: World, address: string): Mailbox | undefined {
  const person = findPerson(world.people, address);
  if (person === undefined || person.suspended || !person.isMailboxSetup) return undefined;
  return world.mailboxes.get(person.address);
}

/** Sends the notification that a watch asks for. The pushed history id is the mailbox's newest, as Gmail's is. */
export function announce(world: World, mailbox: Mailbox, record: HistoryRecord): void {
  const watch = mailbox.watch;
  if (watch === null || watch.expiresAt.getTime() <= world.clock().getTime()) return;
  const concerned = watch.labelIds.some((label) => concernsLabel(record, label));
  // Without a filter behaviour Gmail lets unrelated changes through (google-api-nodejs-client#2301).
  if (watch.labelIds.length > 0 && watch.behaviour !== null && concerned !== (watch.behaviour === "include")) return;
  world.broker.publishChange(watch.topic, mailbox.address, mailbox.historyId);
}
