import { z } from "zod";

/**
 * Shapes of Graph's answers, no more of them than is used. Unknown properties are let by, most known ones may be
 * missing: the service adds and leaves out freely (learn.microsoft.com/graph/best-practices-concept).
 */

const moment = z
  .string()
  .nullish()
  .transform((text) => {
    const at = text === null || text === undefined ? Number.NaN : Date.parse(text);
    return Number.isNaN(at) ? undefined : new Date(at);
  });

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    value: z.array(item),
    "@odata.nextLink": z.string().optional(),
    "@odata.deltaLink": z.string().optional(),
  });
}

/** Answers of a `$batch`, in any order. */
export const batchAnswer = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number(),
      headers: z
        .record(z.string(), z.string())
        .nullish()
        .transform((headers) => headers ?? {}),
      body: z.unknown(),
    }),
  ),
});

export const identified = z.object({ id: z.string() });

const recipient = z.object({ emailAddress: z.object({ address: z.string().nullish() }).nullish() }).nullish();
const recipients = z.array(recipient).nullish();

export const message = z.object({
  "@odata.etag": z.string().optional(),
  id: z.string(),
  parentFolderId: z.string().nullish(),
  internetMessageId: z.string().nullish(),
  isDraft: z.boolean().nullish(),
  hasAttachments: z.boolean().nullish(),
  categories: z.array(z.string()).nullish(),
  receivedDateTime: moment,
  sentDateTime: moment,
  lastModifiedDateTime: moment,
  from: recipient,
  sender: recipient,
  toRecipients: recipients,
  ccRecipients: recipients,
  bccRecipients: recipients,
  internetMessageHeaders: z.array(z.object({ name: z.string().nullish(), value: z.string().nullish() })).nullish(),
});
export type GraphMessage = z.infer<typeof message>;

/** Of a list of attachments, without their bytes. */
export const attachment = z.object({ "@odata.type": z.string().optional(), id: z.string() });

/** A line of a delta answer; a removed one is all but empty. */
export const change = z.object({
  id: z.string(),
  "@removed": z.unknown().optional(),
  isDraft: z.boolean().nullish(),
  receivedDateTime: moment,
  sentDateTime: moment,
  lastModifiedDateTime: moment,
});

export const folder = z.object({
  id: z.string(),
  displayName: z.string().nullish(),
  isHidden: z.boolean().nullish(),
});

export const subscription = z.object({
  id: z.string(),
  expirationDateTime: moment,
  notificationUrl: z.string().nullish(),
});

/** One line for each recipient. */
export const messageTrace = z.object({
  messageId: z.string().nullish(),
  senderAddress: z.string().nullish(),
  recipientAddress: z.string().nullish(),
  receivedDateTime: moment,
});

/** What Defender knows of one recipient's mail. */
export const analyzedEmail = z.object({
  networkMessageId: z.string(),
  senderDetail: z.object({ fromAddress: z.string().nullish() }).nullish(),
});

export const category = z.object({ displayName: z.string().nullish() });

const person = z.object({
  id: z.string().optional(),
  mail: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
});

export const user = z.object({
  id: z.string(),
  mail: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  displayName: z.string().nullish(),
  proxyAddresses: z.array(z.string()).nullish(),
  userType: z.string().nullish(),
  preferredLanguage: z.string().nullish(),
  assignedPlans: z.array(z.object({ service: z.string().nullish(), capabilityStatus: z.string().nullish() })).nullish(),
  manager: person.nullish(),
});
export type GraphUser = z.infer<typeof user>;

export const manager = person;

export const group = z.object({
  id: z.string(),
  mail: z.string().nullish(),
  proxyAddresses: z.array(z.string()).nullish(),
});

export const member = z.object({
  "@odata.type": z.string().optional(),
  mail: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
});

export const domain = z.object({
  id: z.string(),
  isVerified: z.boolean().nullish(),
  supportedServices: z.array(z.string()).nullish(),
});

export const organization = z.object({
  verifiedDomains: z.array(z.object({ name: z.string(), capabilities: z.string().nullish() })).nullish(),
});

/** One notification; what does not fit is dropped by itself, not with its neighbours. */
export const notification = z.object({
  subscriptionId: z.string(),
  clientState: z.string().nullish(),
  tenantId: z.string().nullish(),
  changeType: z.string().nullish(),
  lifecycleEvent: z.string().nullish(),
  resourceData: z.object({ id: z.string().nullish() }).nullish(),
});
