import type { Job } from "./scopes.ts";

export interface CallFacts {
  readonly job: Job;
  /**
   * Quota units since May 2026 (developers.google.com/workspace/gmail/api/reference/quota); 0 outside Gmail. Projects
   * that used the API before pay less for some, and keep within their limits with these all the more.
   */
  readonly units: number;
  /** Whether the call may be made again when it is unknown if it took effect. */
  readonly repeatable: boolean;
}

/** Every method that this connector calls, by its id in the discovery documents. */
export const CALLS = {
  "gmail.users.getProfile": { job: "metadata", units: 1, repeatable: true },
  "gmail.users.watch": { job: "metadata", units: 100, repeatable: true },
  "gmail.users.stop": { job: "metadata", units: 50, repeatable: true },
  "gmail.users.history.list": { job: "metadata", units: 2, repeatable: true },
  "gmail.users.messages.list": { job: "read", units: 5, repeatable: true },
  "gmail.users.messages.get": { job: "read", units: 20, repeatable: true },
  "gmail.users.messages.modify": { job: "modify", units: 5, repeatable: true },
  "gmail.users.messages.trash": { job: "modify", units: 20, repeatable: true },
  "gmail.users.messages.untrash": { job: "modify", units: 5, repeatable: true },
  "gmail.users.messages.delete": { job: "full", units: 10, repeatable: true },
  "gmail.users.messages.send": { job: "send", units: 100, repeatable: false },
  "gmail.users.messages.insert": { job: "insert", units: 25, repeatable: false },
  "gmail.users.labels.list": { job: "labels", units: 1, repeatable: true },
  "gmail.users.labels.create": { job: "labels", units: 5, repeatable: true },
  "directory.users.list": { job: "users", units: 0, repeatable: true },
  "directory.domains.list": { job: "domains", units: 0, repeatable: true },
  "directory.groups.list": { job: "groups", units: 0, repeatable: true },
  "directory.members.list": { job: "groups", units: 0, repeatable: true },
  "pubsub.projects.subscriptions.create": { job: "pubsub", units: 0, repeatable: true },
  "pubsub.projects.subscriptions.get": { job: "pubsub", units: 0, repeatable: true },
  "pubsub.projects.subscriptions.pull": { job: "pubsub", units: 0, repeatable: true },
  "pubsub.projects.subscriptions.modifyAckDeadline": { job: "pubsub", units: 0, repeatable: true },
  "pubsub.projects.subscriptions.acknowledge": { job: "pubsub", units: 0, repeatable: true },
} as const satisfies Record<string, CallFacts>;

export type CallName = keyof typeof CALLS;
