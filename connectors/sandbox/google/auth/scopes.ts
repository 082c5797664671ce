const PREFIX = "https://www.googleapis.com/auth/";

export const FULL_MAIL = "https://mail.google.com/";
export const GMAIL_MODIFY = `${PREFIX}gmail.modify`;
export const GMAIL_READONLY = `${PREFIX}gmail.readonly`;
export const GMAIL_METADATA = `${PREFIX}gmail.metadata`;
export const GMAIL_COMPOSE = `${PREFIX}gmail.compose`;
export const GMAIL_SEND = `${PREFIX}gmail.send`;
export const GMAIL_INSERT = `${PREFIX}gmail.insert`;
export const GMAIL_LABELS = `${PREFIX}gmail.labels`;
export const GMAIL_SETTINGS = `${PREFIX}gmail.settings.basic`;
export const CLOUD_PLATFORM = `${PREFIX}cloud-platform`;
export const PUBSUB = `${PREFIX}pubsub`;
export const USER_READ = `${PREFIX}admin.directory.user.readonly`;
export const USER = `${PREFIX}admin.directory.user`;
export const DOMAIN_READ = `${PREFIX}admin.directory.domain.readonly`;
export const DOMAIN = `${PREFIX}admin.directory.domain`;
export const GROUP_READ = `${PREFIX}admin.directory.group.readonly`;
export const GROUP = `${PREFIX}admin.directory.group`;
export const MEMBER_READ = `${PREFIX}admin.directory.group.member.readonly`;
export const MEMBER = `${PREFIX}admin.directory.group.member`;

/** What the administrator delegated in the beginning: everything that watching and acting need, but not deletion for good. */
export const DEFAULT_DELEGATION: readonly string[] = [
  GMAIL_METADATA,
  GMAIL_READONLY,
  GMAIL_MODIFY,
  GMAIL_COMPOSE,
  GMAIL_SEND,
  GMAIL_INSERT,
  GMAIL_LABELS,
  GMAIL_SETTINGS,
  USER_READ,
  DOMAIN_READ,
  GROUP_READ,
  MEMBER_READ,
];

/** The scope names that the sandbox knows; any other one is `invalid_scope`. */
export function isKnownScope(scope: string): boolean {
  return scope === FULL_MAIL || scope.startsWith(PREFIX);
}
