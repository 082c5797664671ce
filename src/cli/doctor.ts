import type { Consent, LiveCheck, LiveStep } from "../core/live-check.ts";
import type { ApiClient } from "./api-client.ts";
import { reportConsent } from "./consent.ts";
import type { Print } from "./print.ts";
import { reportTenant, type ShownTenant } from "./tenant.ts";

/** Where the doctor learns what it prints: the running service, or the database itself when none runs. */
export interface DoctorSource {
  tenants(): Promise<readonly Pick<ShownTenant, "id">[]>;
  /** Tries every call that the tenant's mode needs, again. */
  examine(id: string): Promise<ShownTenant>;
  consent(id: string): Promise<Consent>;
  live(id: string, mailbox: string | undefined): Promise<LiveCheck>;
}

export interface DoctorOptions {
  /** False leaves the live check out: nothing is sent then. */
  readonly send: boolean;
  /** Mailbox for the live check, instead of the service mailbox. */
  readonly mailbox?: string;
}

/** More tenants than one installation has. */
const TENANTS_AT_MOST = 500;

export function doctorOverApi(client: ApiClient): DoctorSource {
  const path = (id: string, what: string): string => `/api/v1/tenants/${encodeURIComponent(id)}/${what}`;
  const ok = async (method: string, address: string, body?: object): Promise<unknown> => {
    const sent = body && { text: JSON.stringify(body), contentType: "application/json" };
    return client.expect(await client.call(method, address, sent), 200);
  };
  return {
    tenants: async () =>
      ((await ok("GET", `/api/v1/tenants?limit=${TENANTS_AT_MOST}`)) as { readonly items: readonly ShownTenant[] })
        .items,
    examine: async (id) => (await ok("POST", path(id, "checks"))) as ShownTenant,
    consent: async (id) => (await ok("GET", path(id, "consent"))) as Consent,
    live: async (id, mailbox) =>
      (await ok("POST", path(id, "live-check"), mailbox === undefined ? {} : { mailbox })) as LiveCheck,
  };
}

/** Examines one tenant or all. 0 all well, 1 something missing. `tell` says on standard error what takes long. */
export async function runDoctor(
  id: string | undefined,
  options: DoctorOptions,
  source: DoctorSource,
  out: Print,
  tell: Print,
): Promise<0 | 1> {
  const ids = id === undefined ? (await source.tenants()).map((tenant) => tenant.id) : [id];
  let worst: 0 | 1 = 0;
  for (const each of ids) {
    const tenant = await source.examine(each);
    if (reportTenant(tenant, out) === 1) worst = 1;
    reportConsent(await source.consent(each), out);
    if (!options.send) continue;
    if (tenant.state === "failed") {
      out("  live check: not tried, because there is no token");
      continue;
    }
    tell("sending a test mail and watching it arrive; seconds when all is well, minutes when not");
    if (reportLive(await source.live(each, options.mailbox), out) === 1) worst = 1;
  }
  return worst;
}

const MARKS: Readonly<Record<LiveStep["state"], string>> = { ok: "ok     ", failed: "failed ", warning: "warning" };

function reportLive({ mailbox, ok, steps }: LiveCheck, out: Print): 0 | 1 {
  out(`  live check${mailbox === null ? "" : ` in ${mailbox}`}:`);
  for (const { name, state, seconds, detail } of steps) {
    const time = (seconds === null ? "-" : `${seconds.toFixed(1)} s`).padStart(8);
    out(`  ${MARKS[state]} ${name.padEnd(9)} ${time}  ${detail}`);
  }
  return ok ? 0 : 1;
}
