import { z } from "zod";
import type { Purpose } from "./allowed-mailboxes.ts";
import type { CallName } from "./calls.ts";
import type { Call, GoogleClient } from "./client.ts";
import {
  historySchema,
  insertedSchema,
  labelListSchema,
  labelSchema,
  messageListSchema,
  messageSchema,
  profileSchema,
  watchSchema,
} from "./payloads.ts";
import { quotaUser } from "./quota-user.ts";

export interface MessageQuery {
  /** All of them. */
  readonly labels?: readonly string[];
  /** Gmail's search syntax; needs a token that may read. */
  readonly q?: string;
  readonly includeTrash?: boolean;
  /** At most 500. */
  readonly limit: number;
  readonly page?: string | undefined;
}

export interface Placement {
  readonly labelIds: readonly string[];
  /** The time that the mailbox sorts it by; when it was put there, unless said. */
  readonly internalDateSource?: "receivedTime" | "dateHeader";
}

export type HistoryType = "messageAdded" | "messageDeleted" | "labelAdded";

export type Gmail = ReturnType<typeof openMailbox>;

const nothing = z.unknown();

/** Gmail's methods on one mailbox, entered for one purpose. `me` is the user whom the token impersonates. */
export function openMailbox(client: GoogleClient, address: string, purpose: Purpose, signal: AbortSignal) {
  const as = { mailbox: address, purpose };
  const user = { userId: "me", quotaUser: quotaUser(address) };
  const call = <Shape extends z.ZodType>(name: CallName, shape: Shape, send: Call<Shape>["send"]) =>
    client.call({ name: name, as, shape, send }, signal);

  return {
    address,
    profile: () =>
      call("gmail.users.getProfile", profileSchema, ({ gmail }, options) => gmail.users.getProfile(user, options)),

    watch: (topicName: string, labelIds: readonly string[]) =>
      call("gmail.users.watch", watchSchema, ({ gmail }, options) =>
        gmail.users.watch(
          { ...user, requestBody: { topicName, labelIds: [...labelIds], labelFilterBehavior: "include" } },
          options,
        ),
      ),

    stop: () => call("gmail.users.stop", nothing, ({ gmail }, options) => gmail.users.stop(user, options)),

    history: (startHistoryId: string, page: string | undefined, historyTypes: readonly HistoryType[]) =>
      call("gmail.users.history.list", historySchema, ({ gmail }, options) =>
        gmail.users.history.list(
          {
            ...user,
            startHistoryId,
            historyTypes: [...historyTypes],
            maxResults: 500,
            ...(page === undefined ? {} : { pageToken: page }),
          },
          options,
        ),
      ),

    messages: (query: MessageQuery) =>
      call("gmail.users.messages.list", messageListSchema, ({ gmail }, options) =>
        gmail.users.messages.list(
          {
            ...user,
            maxResults: query.limit,
            ...(query.labels === undefined ? {} : { labelIds: [...query.labels] }),
            ...(query.q === undefined ? {} : { q: query.q }),
            ...(query.includeTrash === true ? { includeSpamTrash: true } : {}),
            ...(query.page === undefined ? {} : { pageToken: query.page }),
          },
          options,
        ),
      ),

    raw: (id: string) =>
      call("gmail.users.messages.get", messageSchema, ({ gmail }, options) =>
        gmail.users.messages.get({ ...user, id, format: "raw" }, options),
      ),

    /** Labels and date, no content. */
    minimal: (id: string) =>
      call("gmail.users.messages.get", messageSchema, ({ gmail }, options) =>
        gmail.users.messages.get({ ...user, id, format: "minimal" }, options),
      ),

    /** Labels, date and the named headers. */
    headers: (id: string, metadataHeaders: readonly string[]) =>
      call("gmail.users.messages.get", messageSchema, ({ gmail }, options) =>
        gmail.users.messages.get({ ...user, id, format: "metadata", metadataHeaders: [...metadataHeaders] }, options),
      ),

    addLabels: (id: string, addLabelIds: readonly string[]) =>
      call("gmail.users.messages.modify", nothing, ({ gmail }, options) =>
        gmail.users.messages.modify({ ...user, id, requestBody: { addLabelIds: [...addLabelIds] } }, options),
      ),

    trash: (id: string) =>
      call("gmail.users.messages.trash", nothing, ({ gmail }, options) =>
        gmail.users.messages.trash({ ...user, id }, options),
      ),

    untrash: (id: string) =>
      call("gmail.users.messages.untrash", nothing, ({ gmail }, options) =>
        gmail.users.messages.untrash({ ...user, id }, options),
      ),

    /** For good. Needs the full scope. */
    remove: (id: string) =>
      call("gmail.users.messages.delete", nothing, ({ gmail }, options) =>
        gmail.users.messages.delete({ ...user, id }, options),
      ),

    /** Puts a message into the mailbox and sends nothing (users.messages.insert). */
    insert: (mime: Uint8Array, given: Placement) =>
      call("gmail.users.messages.insert", insertedSchema, ({ gmail }, options) =>
        gmail.users.messages.insert(
          {
            ...user,
            internalDateSource: given.internalDateSource ?? "receivedTime",
            requestBody: { raw: Buffer.from(mime).toString("base64url"), labelIds: [...given.labelIds] },
          },
          options,
        ),
      ),

    /** `requestBody.raw` and not an upload: see the addresses in client.ts. */
    send: (mime: Uint8Array) =>
      call("gmail.users.messages.send", nothing, ({ gmail }, options) =>
        gmail.users.messages.send({ ...user, requestBody: { raw: Buffer.from(mime).toString("base64url") } }, options),
      ),

    labels: () =>
      call("gmail.users.labels.list", labelListSchema, ({ gmail }, options) => gmail.users.labels.list(user, options)),

    createLabel: (name: string, color: { readonly textColor: string; readonly backgroundColor: string } | undefined) =>
      call("gmail.users.labels.create", labelSchema, ({ gmail }, options) =>
        gmail.users.labels.create(
          {
            ...user,
            requestBody: {
              name,
              labelListVisibility: "labelShow",
              messageListVisibility: "show",
              ...(color === undefined ? {} : { color: { ...color } }),
            },
          },
          options,
        ),
      ),
  };
}
