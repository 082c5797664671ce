import { randomUUID } from "node:crypto";
import { PosternError } from "../../src/core/errors.ts";
import type { DirectoryChanges } from "../../src/core/ports.ts";
import type { DirectoryMailbox } from "../../src/core/tenant.ts";
import { toMailboxes } from "./directory.ts";
import type { DirectoryApi } from "./directory-api.ts";

/**
 * The Directory API has no list of changes, and its web hook (users.watch) needs a public address. Listing the users
 * costs a call for 500 of them and no Gmail quota, so two lists are compared.
 */
export interface DirectoryComparison {
  /** @throws PosternError CURSOR_EXPIRED for a cursor that this process did not give last. */
  changes(api: DirectoryApi, cursor: string | undefined): Promise<DirectoryChanges>;
}

/**
 * For so long (ms) after a list the next one waits, by page of 500 users: with the list's own second a page this keeps
 * the largest customers far below the 2,400 calls a minute that the Directory API allows.
 */
const PAUSE_PER_PAGE_MS = 15_000;
const PAGE = 500;

interface List {
  readonly cursor: string;
  readonly at: number;
  readonly mailboxes: ReadonlyMap<string, DirectoryMailbox>;
}

/** @param now milliseconds of a clock that never goes back. */
export function openDirectoryComparison(now: () => number = () => performance.now()): DirectoryComparison {
  let last: List | undefined;
  return {
    async changes(api, cursor) {
      const before = last;
      if (cursor !== undefined && before?.cursor !== cursor) {
        throw new PosternError("CURSOR_EXPIRED", "The list of users to compare with is gone");
      }
      if (cursor !== undefined && before !== undefined && now() - before.at < pauseAfter(before)) {
        return { cursor, mailboxes: [], gone: [], many: false };
      }
      const mailboxes = new Map(toMailboxes(await api.users()).map((mailbox) => [mailbox.userId, mailbox]));
      last = { cursor: randomUUID(), at: now(), mailboxes };
      const known = cursor === undefined ? mailboxes : (before?.mailboxes ?? mailboxes);
      return {
        cursor: last.cursor,
        mailboxes: [...mailboxes.values()].filter((mailbox) => !isSame(mailbox, known.get(mailbox.userId))),
        gone: [...known.keys()].filter((userId) => !mailboxes.has(userId)),
        many: false,
      };
    },
  };
}

function pauseAfter({ mailboxes }: List): number {
  return Math.floor(mailboxes.size / PAGE) * PAUSE_PER_PAGE_MS;
}

function isSame(one: DirectoryMailbox, other: DirectoryMailbox | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
