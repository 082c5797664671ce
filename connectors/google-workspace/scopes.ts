const GMAIL = "https://www.googleapis.com/auth/gmail";
const DIRECTORY = "https://www.googleapis.com/auth/admin.directory";

/**
 * For each job the scopes that allow it, least first. A token asks for one scope only: a request that names any scope
 * outside the grant fails whole, and a token that holds gmail.metadata beside a wider scope is refused searches and
 * raw reads (googleapis/google-api-python-client#582). Wider scopes are tried when the least one was not granted.
 */
export const SCOPES = {
  metadata: [`${GMAIL}.metadata`, `${GMAIL}.readonly`, `${GMAIL}.modify`],
  read: [`${GMAIL}.readonly`, `${GMAIL}.modify`],
  labels: [`${GMAIL}.labels`, `${GMAIL}.modify`],
  modify: [`${GMAIL}.modify`],
  insert: [`${GMAIL}.insert`, `${GMAIL}.modify`],
  send: [`${GMAIL}.send`, `${GMAIL}.modify`],
  /** Deleting for good; never part of the recommended grant. */
  full: ["https://mail.google.com/"],
  users: [`${DIRECTORY}.user.readonly`, `${DIRECTORY}.user`],
  domains: [`${DIRECTORY}.domain.readonly`, `${DIRECTORY}.domain`],
  groups: [`${DIRECTORY}.group.readonly`, `${DIRECTORY}.group`],
  pubsub: ["https://www.googleapis.com/auth/pubsub"],
} as const satisfies Record<string, readonly [string, ...string[]]>;

export type Job = keyof typeof SCOPES;
