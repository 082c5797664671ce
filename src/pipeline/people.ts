import type { NoticeAudience, NoticeOccasion, Settings } from "../core/policy.ts";
import type { DirectoryFacts } from "./directory-facts.ts";

/** The word in `dlp.managers` for the sender's manager in the directory. */
const MANAGER_OF_SENDER = "manager-of-sender";

/** Somebody who is told. */
export interface Person {
  readonly address: string;
  readonly audience: NoticeAudience;
  /** Why this person cannot be told; null when he can. */
  readonly problem: string | null;
}

/** Whom the switches of an occasion name for a sender; each person once, under whatever address. */
export function people(
  settings: Settings,
  occasion: NoticeOccasion,
  sender: string,
  directory: DirectoryFacts,
): readonly Person[] {
  const told: Person[] = settings[`notify.${occasion}.originator`]
    ? [{ address: sender, audience: "originator", problem: null }]
    : [];
  if (settings[`notify.${occasion}.managers`]) told.push(...managers(settings, sender, directory));
  return eachOnce(told, directory);
}

/** Those whom `dlp.managers` names for a sender. */
export function managers(settings: Settings, sender: string, directory: DirectoryFacts): readonly Person[] {
  const named = settings["dlp.managers"].flatMap((manager): readonly Person[] =>
    manager === MANAGER_OF_SENDER ? managerOf(sender, settings, directory) : [asManager(manager)],
  );
  return eachOnce(named, directory);
}

/** The fallback is asked when the directory knows no manager, or says that a person is his own. */
function managerOf(sender: string, settings: Settings, directory: DirectoryFacts): readonly Person[] {
  const { address, manager } = directory.resolve(sender) ?? { address: sender, manager: null };
  if (manager !== null && manager !== address) return [asManager(manager)];
  const instead = settings["dlp.manager-fallback"].map(asManager);
  return instead.length > 0
    ? instead
    : [{ address: MANAGER_OF_SENDER, audience: "managers", problem: "no-manager-in-directory" }];
}

function asManager(address: string): Person {
  return { address, audience: "managers", problem: null };
}

function eachOnce(told: readonly Person[], directory: DirectoryFacts): readonly Person[] {
  const byMailbox = new Map<string, Person>();
  for (const person of told) {
    const address = person.address.toLowerCase();
    const mailbox = directory.resolve(address)?.address ?? address;
    if (!byMailbox.has(mailbox)) byMailbox.set(mailbox, person);
  }
  return [...byMailbox.values()];
}
