import { z } from "zod";
import { PosternError } from "../../core/errors.ts";
import { type Consent, LIVE_STEPS, type LiveCheck } from "../../core/live-check.ts";
import type { TenantStore } from "../../core/store.ts";
import type { TenantCheck } from "../../core/tenant.ts";
import { idParams, showTenant, tenantSchema } from "./tenant-record.ts";
import type { TypedServer } from "./typed-server.ts";

export interface TenantDoctorDependencies {
  readonly tenants: Pick<TenantStore, "get" | "list">;
  readonly doctor: {
    /** Tries every call again and stores what came out. */
    readonly examine: (tenantId: string) => Promise<readonly TenantCheck[]>;
    readonly consent: (tenantId: string) => Promise<Consent>;
    readonly live: (tenantId: string, mailbox: string | undefined) => Promise<LiveCheck>;
  };
}

const consentSchema = z.discriminatedUnion("provider", [
  z.object({
    provider: z.literal("microsoft"),
    address: z.string(),
    permissions: z.array(z.string()).describe("application permissions that the tenant's settings need"),
    tiers: z.array(
      z.object({ name: z.enum(["observe", "respond", "remediate"]), adds: z.array(z.string()), needed: z.boolean() }),
    ),
  }),
  z.object({
    provider: z.literal("google"),
    address: z.string(),
    serviceAccount: z.string(),
    clientId: z.string().nullable(),
    scopes: z.array(z.string()),
  }),
]);
const liveCheckSchema = z.object({
  mailbox: z
    .string()
    .nullable()
    .describe("sender and recipient of the test mail; null when there was none to send from"),
  ok: z.boolean().describe("no step failed"),
  steps: z.array(
    z.object({
      name: z.enum(LIVE_STEPS),
      state: z.enum(["ok", "failed", "warning"]).describe("warning: could not be tried or proved"),
      seconds: z.number().nullable(),
      detail: z.string(),
    }),
  ),
});

/** What `postern tenant doctor` asks for. */
export function registerTenantDoctor(server: TypedServer, { tenants, doctor }: TenantDoctorDependencies): void {
  server.post(
    "/api/v1/tenants/:id/checks",
    {
      schema: {
        params: idParams,
        response: { 200: tenantSchema },
        tags: ["tenants"],
        summary: "Tries every needed call again",
      },
    },
    async (request) => {
      await doctor.examine(request.params.id);
      const tenant = await tenants.get(request.params.id);
      if (!tenant) throw new PosternError("NOT_FOUND", "there is no such tenant");
      return showTenant(tenant);
    },
  );
  server.get(
    "/api/v1/tenants/:id/consent",
    {
      schema: {
        params: idParams,
        response: { 200: consentSchema },
        tags: ["tenants"],
        summary: "Where the tenant's administrator grants what its mode needs",
      },
    },
    async (request) => {
      const consent = await doctor.consent(request.params.id);
      return consent.provider === "google"
        ? { ...consent, scopes: [...consent.scopes] }
        : {
            ...consent,
            permissions: [...consent.permissions],
            tiers: consent.tiers.map((tier) => ({ ...tier, adds: [...tier.adds] })),
          };
    },
  );
  server.post(
    "/api/v1/tenants/:id/live-check",
    {
      schema: {
        params: idParams,
        body: z.strictObject({ mailbox: z.string().trim().toLowerCase().pipe(z.email()).optional() }).nullish(),
        response: { 200: liveCheckSchema },
        tags: ["tenants"],
        summary: "Sends a test mail from a mailbox to itself, watches it arrive and takes it away",
        description: "Answers when it is done: seconds when all is well, minutes when not.",
      },
    },
    async (request) => {
      const { steps, ...check } = await doctor.live(request.params.id, request.body?.mailbox);
      return { ...check, steps: [...steps] };
    },
  );
}
