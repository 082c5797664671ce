import { PosternError } from "../core/errors.ts";
import type { QuarantineItem } from "../core/records.ts";
import type { DirectoryFacts } from "../pipeline/directory-facts.ts";

/** Whether a person is the sender or a recipient of a held message, by any address and through any group. */
export function isOwnMessage(
  item: Pick<QuarantineItem, "sender" | "recipients">,
  person: string,
  directory: DirectoryFacts,
): boolean {
  const primary = (address: string): string => {
    const lower = address.toLowerCase();
    return directory.resolve(lower)?.address ?? lower;
  };
  const concerned = [item.sender, ...item.recipients].flatMap((address) => [
    address,
    ...(directory.groups.get(address.toLowerCase()) ?? []),
  ]);
  const who = primary(person);
  return concerned.some((address) => primary(address) === who);
}

/**
 * Nobody decides about a message that he sent or received (threat T-27).
 * @throws PosternError FORBIDDEN
 */
export function refuseOwnMessage(
  item: Pick<QuarantineItem, "sender" | "recipients">,
  person: string,
  directory: DirectoryFacts,
): void {
  if (isOwnMessage(item, person, directory))
    throw new PosternError("FORBIDDEN", "nobody decides about a message that he sent or received; ask another manager");
}
