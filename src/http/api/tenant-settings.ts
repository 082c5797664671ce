import { z } from "zod";
import type { TenantSettings } from "../../core/tenant.ts";

/** Body of `POST /api/v1/tenants` (contract: "Connecting a tenant"). */

const address = z.string().trim().toLowerCase().pipe(z.email());
const guid = z.guid();

const base = {
  name: z.string().trim().min(1).max(200),
  mailboxes: z.union([z.literal("all"), z.array(address).min(1)]).default("all"),
  stages: z
    .array(z.enum(["sent", "outbox", "draft"]))
    .min(1)
    .default(["sent"]),
  mode: z.enum(["observe", "respond"]).default("observe"),
  serviceMailbox: address.optional(),
};

/** An address, a group's address, or a domain; with `!` before it, what is left out. */
const choice = z
  .string()
  .trim()
  .toLowerCase()
  .refine((entry) => {
    const chosen = entry.replace(/^!/, "");
    return z.email().safeParse(chosen.replace(/^\*@/, "any@")).success;
  }, "must be an address or *@domain, with or without ! before it");

/** An organisational unit with those below it. */
const unit = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^!?ou:\/[^\p{Cc}]{0,1000}$/u, "must be ou: and the path of an organisational unit");

const microsoft = z.strictObject({
  provider: z.literal("microsoft"),
  ...base,
  mailboxes: z
    .union([z.literal("all"), z.array(choice).min(1)])
    .default("all")
    .describe("`all`, or addresses of mailboxes and groups and `*@domain`; `!` before one leaves it out"),
  tenantId: guid,
  clientId: guid,
  cloud: z.enum(["global", "us-gov-high", "us-gov-dod", "china"]).default("global"),
  credential: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("secret"), value: z.string().min(1) }),
    z.strictObject({ kind: z.literal("certificate"), pem: z.string().includes("PRIVATE KEY").includes("CERTIFICATE") }),
    z.strictObject({ kind: z.literal("federated"), tokenFile: z.string().min(1) }),
  ]),
  capabilities: z
    .strictObject({
      defender: z.boolean().optional().describe("copies are taken back through Defender for Office 365 (Plan 2) too"),
      permanentDelete: z.boolean().optional().describe("false: what was deleted goes to the recoverable items"),
    })
    .optional(),
});

const google = z.strictObject({
  provider: z.literal("google"),
  ...base,
  mailboxes: z
    .union([z.literal("all"), z.array(z.union([choice, unit])).min(1)])
    .default("all")
    .describe("`all`, or addresses of mailboxes and groups, `*@domain` and `ou:/path`; `!` before one leaves it out"),
  customerId: z.string().min(1),
  capabilities: z
    .strictObject({
      tombstone: z.boolean().optional().describe("a message stands where a recipient's copy was taken back"),
      evidenceMailbox: address.optional().describe("gets a copy of each sent mail that is quarantined"),
    })
    .optional(),
  adminEmail: address,
  credential: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("service-account-key"),
      // The whole key file may be pasted; three of its fields are used.
      key: z.object({
        client_email: z.string().min(1),
        private_key: z.string().includes("PRIVATE KEY"),
        client_id: z.string().optional(),
      }),
    }),
    z.strictObject({
      kind: z.literal("keyless"),
      serviceAccount: z.string().min(1),
      tokenFile: z.string().min(1).optional(),
    }),
  ]),
  pubsub: z.strictObject({
    project: z.string().min(1),
    topic: z.string().min(1),
    subscription: z.string().min(1),
    delivery: z.enum(["pull", "push"]).default("pull"),
    audience: z.string().optional(),
    serviceAccount: z.string().optional(),
  }),
});

export const tenantSettingsSchema = z.discriminatedUnion("provider", [microsoft, google]);

/** The parsed body as the rest of Postern wants it: no key with an undefined value. */
export function toTenantSettings(body: z.output<typeof tenantSettingsSchema>): TenantSettings {
  return JSON.parse(JSON.stringify(body)) as TenantSettings;
}
