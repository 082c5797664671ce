import { isPosternError } from "../../src/core/errors.ts";
import { folderPath } from "./paths.ts";
import { identified, user } from "./payloads.ts";
import { type Room, userOf } from "./room.ts";

/** So many people are tried before it is said that there is no mailbox. */
const TRIED = 20;

/** User of a mailbox that exists, for the calls that need one: the service mailbox, a chosen one, or anybody's. */
export async function probeMailbox(room: Room, signal: AbortSignal): Promise<string | undefined> {
  const { mailboxes, serviceMailbox } = room.settings;
  // Neither a domain nor an exception is anybody's mailbox; a group's address is answered like one that is not there.
  const named = mailboxes === "all" ? [] : mailboxes.filter((entry) => !/^[!*]/.test(entry)).slice(0, TRIED);
  const wanted = serviceMailbox === undefined ? named : [...named, serviceMailbox];
  for (const address of wanted) {
    const candidate = await userOf(room, address);
    if (await exists(room, candidate, signal)) return candidate;
  }
  for (const candidate of await anybody(room, signal)) {
    if (await exists(room, candidate, signal)) return candidate;
  }
  return undefined;
}

async function anybody(room: Room, signal: AbortSignal): Promise<readonly string[]> {
  const call = {
    name: "check-people",
    path: "/users",
    query: { $select: "id,mail,userType", $top: "100" },
    lane: "directory",
  };
  try {
    for await (const page of room.graph.pages(call, user, signal)) {
      const people = page.items.filter((entry) => entry.mail !== null && entry.userType !== "Guest");
      return people.slice(0, TRIED).map((entry) => entry.id);
    }
  } catch (error) {
    // The check of the directory says so by itself.
    if (!isPosternError(error)) throw error;
  }
  return [];
}

/** A refusal for want of rights says that there is something; the checks that follow name the right. */
async function exists(room: Room, candidate: string, signal: AbortSignal): Promise<boolean> {
  const call = {
    name: "check-mailbox",
    path: folderPath(candidate, "sentitems"),
    query: { $select: "id" },
    lane: candidate,
    missing: "MAILBOX_UNAVAILABLE" as const,
  };
  try {
    await room.graph.json(call, identified, signal);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (!isPosternError(error)) throw error;
    return error.code !== "MAILBOX_UNAVAILABLE";
  }
}
