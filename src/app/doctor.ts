import { randomUUID } from "node:crypto";
import { setTimeout as after } from "node:timers/promises";
import { consentPage as googleConsent } from "../../connectors/google-workspace/consent.ts";
import { consentPage as microsoftConsent } from "../../connectors/microsoft365/consent.ts";
import { PosternError } from "../core/errors.ts";
import type { Consent, LiveCheck } from "../core/live-check.ts";
import type { Clock } from "../core/ports.ts";
import type { Store } from "../core/store.ts";
import type { TenantCheck } from "../core/tenant.ts";
import { readChosenMailboxes } from "../intake/chosen-mailboxes.ts";
import { allChecks, stateOf } from "../intake/connect.ts";
import { checkLive } from "../intake/live-check.ts";
import type { Config } from "./config.ts";
import type { ConsentStates } from "./consent-state.ts";
import type { TenantRegistry } from "./tenant-registry.ts";

/** Fresh mail shows within seconds; a minute is a provider in trouble. */
const APPEAR_MS = 60_000;
const DELIVERY_MS = 20_000;
/** Beyond one round of catch-up: reading the mailbox and the mail. */
const LEDGER_MARGIN_MS = 45_000;

/** Examines connected tenants; each answers PosternError NOT_FOUND for one that is not there. */
export interface Doctor {
  /** Tries every call that the mode needs, and stores what came out. */
  examine(tenantId: string): Promise<readonly TenantCheck[]>;
  consent(tenantId: string): Promise<Consent>;
  /** Sends a test mail from a mailbox to itself and watches it; minutes when something is wrong. */
  live(tenantId: string, mailbox: string | undefined): Promise<LiveCheck>;
}

export interface DoctorDependencies {
  readonly store: Pick<Store, "tenants" | "directory" | "syncs" | "inbox" | "leases">;
  readonly tenants: Pick<TenantRegistry, "get" | "settings" | "refresh">;
  readonly markKey: Uint8Array;
  readonly publicUrl: () => string;
  readonly consentStates: Pick<ConsentStates, "issue">;
  readonly config: Pick<Config, "POSTERN_LOGIN_URL" | "POSTERN_CATCH_UP_SECONDS">;
  readonly clock: Clock;
}

export function openDoctor(dependencies: DoctorDependencies, signal: AbortSignal): Doctor {
  const { store, tenants, config, clock } = dependencies;

  async function connected(id: string) {
    const found = await tenants.get(id);
    if (!found) throw new PosternError("NOT_FOUND", "there is no such tenant");
    return found;
  }

  return {
    async examine(id) {
      const { tenant, connector } = await connected(id);
      const checks = allChecks(tenant, await connector.check(tenant.mode, signal));
      await store.tenants.update(id, { checks, state: stateOf(checks) });
      tenants.refresh(id);
      return checks;
    },

    async consent(id) {
      const settings = await tenants.settings(id);
      if (!settings) throw new PosternError("NOT_FOUND", "there is no such tenant");
      if (settings.provider === "google") return googleConsent(settings);
      const loginUrl = config.POSTERN_LOGIN_URL;
      return microsoftConsent(settings, {
        redirectUri: `${dependencies.publicUrl()}/oauth/microsoft/callback`,
        state: dependencies.consentStates.issue({ tenant: id, directory: settings.tenantId }),
        ...(loginUrl === undefined ? {} : { loginUrl }),
      });
    },

    async live(id, mailbox) {
      const found = await connected(id);
      return checkLive(
        found,
        mailbox,
        {
          syncs: store.syncs,
          inbox: store.inbox,
          isWatched: async (address) => (await readChosenMailboxes(found.tenant, store.directory)).includes(address),
          isWorking: () => isScheduleHeld(store, clock),
          markKey: dependencies.markKey,
          clock,
          pause: async (ms, during) => void (await after(ms, undefined, { signal: during })),
          limits: {
            appearMs: APPEAR_MS,
            ledgerMs: config.POSTERN_CATCH_UP_SECONDS * 1_000 + LEDGER_MARGIN_MS,
            deliveryMs: DELIVERY_MS,
          },
        },
        signal,
      );
    },
  };
}

/** Some worker leads by holding the schedule's lease. Taken here for a moment, it would be free again at once. */
async function isScheduleHeld({ leases }: Pick<Store, "leases">, clock: Clock): Promise<boolean> {
  const now = clock.now();
  const lease = { token: randomUUID(), until: new Date(now.getTime() + 1) };
  const isFree = await leases.acquire("schedule", lease, now);
  if (isFree) await leases.release("schedule", lease.token);
  return !isFree;
}
