import { isPosternError } from "../core/errors.ts";
import type { Clock, Logger } from "../core/ports.ts";
import type { ConnectedTenant } from "../pipeline/scan.ts";
import { DIRECTORY_MS, type DirectoryReadingDependencies, readDirectory, storePeople } from "./directory-reading.ts";

export interface DirectoryWatchDependencies {
  readonly reading: DirectoryReadingDependencies;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Knows who is in the tenants' directories, as long as this process leads. */
export interface DirectoryWatch {
  /**
   * Reads the whole directory the first time and once an hour, and between takes in who came, changed and went. What
   * cannot be read is logged, and read the next time. Called again meanwhile, it is the same look. True when something
   * may be another than before.
   */
  follow(connected: ConnectedTenant, signal: AbortSignal): Promise<boolean>;
}

interface Look {
  readonly at: Date;
  readonly wholeAt: Date;
  /** Undefined where changes cannot be followed. */
  readonly cursor: string | undefined;
}

export function openDirectoryWatch({ reading, clock, logger }: DirectoryWatchDependencies): DirectoryWatch {
  const looks = new Map<string, Look>();
  const underWay = new Map<string, Promise<boolean>>();

  async function whole({ tenant, connector }: ConnectedTenant, signal: AbortSignal): Promise<true> {
    const at = clock.now();
    // Taken before the reading: what changes meanwhile is told again rather than not at all.
    const cursor = await connector.directoryChanges?.(undefined, signal).catch((error: unknown) => {
      if (!isPosternError(error)) throw error;
      logger.info({ tenant: tenant.id, code: error.code }, "changes of the directory cannot be followed");
      return undefined;
    });
    await readDirectory(tenant, connector, looks.get(tenant.id)?.at, reading, signal);
    looks.set(tenant.id, { at, wholeAt: at, cursor: cursor?.cursor });
    return true;
  }

  async function changes(connected: ConnectedTenant, signal: AbortSignal): Promise<boolean> {
    const { tenant, connector } = connected;
    const at = clock.now();
    const look = looks.get(tenant.id);
    if (!look || at.getTime() - look.wholeAt.getTime() >= DIRECTORY_MS) return await whole(connected, signal);
    if (look.cursor === undefined || !connector.directoryChanges) return false;
    const found = await connector.directoryChanges(look.cursor, signal).catch((error: unknown) => {
      if (isPosternError(error, "CURSOR_EXPIRED")) return undefined;
      throw error;
    });
    if (!found || found.many) return await whole(connected, signal);
    const isOther = found.mailboxes.length > 0 || found.gone.length > 0;
    if (isOther) {
      const { directory } = reading;
      const [known, groups] = await Promise.all([directory.mailboxes(tenant.id), directory.groups(tenant.id)]);
      const told = new Set([...found.gone, ...found.mailboxes.map(({ userId }) => userId)]);
      const people = [...known.filter(({ userId }) => !told.has(userId)), ...found.mailboxes];
      await storePeople(tenant, people, groups, look.at, reading);
    }
    looks.set(tenant.id, { ...look, at, cursor: found.cursor });
    return isOther;
  }

  return {
    follow(connected, signal) {
      const { id } = connected.tenant;
      const look =
        underWay.get(id) ??
        changes(connected, signal)
          .catch((error: unknown) => {
            if (!signal.aborted) logger.warn({ err: error, tenant: id }, "the directory could not be read");
            return false;
          })
          .finally(() => underWay.delete(id));
      underWay.set(id, look);
      return look;
    },
  };
}
