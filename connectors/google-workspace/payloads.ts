import { z } from "zod";

// What Google answers, read leniently: int64 values may be strings or numbers, absent lists are empty.

const int64 = z.union([z.string().regex(/^\d{1,20}$/), z.number().int().nonnegative()]).transform(String);
const labels = z.array(z.string()).optional();
const pageToken = z
  .string()
  .optional()
  .transform((token) => (token === "" ? undefined : token));

const messageRefSchema = z.object({ id: z.string().min(1), threadId: z.string().optional(), labelIds: labels });
export type ListedMessage = z.infer<typeof messageRefSchema>;

export const profileSchema = z.object({ emailAddress: z.string().optional(), historyId: int64 });

export const watchSchema = z.object({ historyId: int64.optional(), expiration: int64.optional() });

const changeSchema = z.object({ message: messageRefSchema, labelIds: labels });

export const historySchema = z.object({
  history: z
    .array(
      z.object({
        id: int64.optional(),
        messagesAdded: z.array(changeSchema).default([]),
        messagesDeleted: z.array(changeSchema).default([]),
        labelsAdded: z.array(changeSchema).default([]),
      }),
    )
    .default([]),
  historyId: int64.optional(),
  nextPageToken: pageToken,
});

export const messageListSchema = z.object({
  messages: z.array(messageRefSchema).default([]),
  nextPageToken: pageToken,
});

export const messageSchema = z.object({
  id: z.string().min(1),
  threadId: z.string().optional(),
  labelIds: z.array(z.string()).default([]),
  internalDate: int64.optional(),
  raw: z.string().optional(),
  payload: z.object({ headers: z.array(z.object({ name: z.string(), value: z.string() })).optional() }).optional(),
});
export type GmailMessage = z.infer<typeof messageSchema>;

export const insertedSchema = z.object({ id: z.string().min(1) });

export const labelSchema = z.object({ id: z.string().min(1), name: z.string() });

export const labelListSchema = z.object({ labels: z.array(labelSchema).default([]) });

export const usersSchema = z.object({
  users: z
    .array(
      z.object({
        id: z.string().default(""),
        primaryEmail: z.string().min(3),
        aliases: z.array(z.string()).default([]),
        nonEditableAliases: z.array(z.string()).default([]),
        name: z.object({ fullName: z.string().optional() }).optional(),
        relations: z
          .array(z.object({ type: z.string().optional(), value: z.string().optional() }))
          .optional()
          .catch([]),
        languages: z
          .array(z.object({ languageCode: z.string().optional(), preference: z.string().optional() }))
          .optional()
          .catch([]),
        suspended: z.boolean().optional(),
        archived: z.boolean().optional(),
        isMailboxSetup: z.boolean().optional(),
        isGuestUser: z.boolean().optional(),
        orgUnitPath: z.string().default("/").catch("/"),
      }),
    )
    .default([]),
  nextPageToken: pageToken,
});
export type GoogleUser = z.infer<typeof usersSchema>["users"][number];

export const domainsSchema = z.object({
  domains: z
    .array(
      z.object({
        domainName: z.string().min(1),
        verified: z.boolean().optional(),
        domainAliases: z
          .array(z.object({ domainAliasName: z.string().min(1), verified: z.boolean().optional() }))
          .default([]),
      }),
    )
    .default([]),
});

export const groupsSchema = z.object({
  groups: z
    .array(
      z.object({
        id: z.string().optional(),
        email: z.string().min(3),
        aliases: z.array(z.string()).default([]),
        nonEditableAliases: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  nextPageToken: pageToken,
});
export type GoogleGroup = z.infer<typeof groupsSchema>["groups"][number];

export const membersSchema = z.object({
  members: z.array(z.object({ email: z.string().optional(), type: z.string().optional() })).default([]),
  nextPageToken: pageToken,
});

/** Without `ttl` a policy says never. */
export const subscriptionSchema = z.object({ expirationPolicy: z.object({ ttl: z.string().optional() }).optional() });

export const pulledSchema = z.object({
  receivedMessages: z
    .array(z.object({ ackId: z.string().min(1), message: z.object({ data: z.string().optional() }).optional() }))
    .default([]),
});

/** The content of a notification. Its historyId is the mailbox's present one and must not be used as a start. */
export const mailboxNotificationSchema = z.object({ emailAddress: z.string().regex(/^[^\s@]+@[^\s@]+$/) });

export const pushBodySchema = z.object({
  message: z.object({ data: z.string(), messageId: z.string().optional() }),
  subscription: z.string(),
});

export const tokenAnswerSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().default(3_600),
});

export const signedJwtSchema = z.object({ signedJwt: z.string().min(1) });

/** Both shapes: the APIs' `{error: {…}}` and the token endpoint's `{error: "code", error_description}`. */
export const providerErrorSchema = z.object({
  error: z
    .union([
      z.string(),
      z.object({
        message: z.string().optional(),
        status: z.string().optional(),
        errors: z.array(z.object({ reason: z.string().optional() })).default([]),
        details: z.array(z.object({ reason: z.string().optional() })).default([]),
      }),
    ])
    .optional(),
  error_description: z.string().default(""),
});

export const certificatesSchema = z.union([
  z.object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.literal("RSA"), n: z.string(), e: z.string() })) }),
  z.record(z.string(), z.string().startsWith("-----BEGIN CERTIFICATE-----")),
]);
