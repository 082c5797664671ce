import type { PosternError } from "../core/errors.ts";
import type { Logger } from "../core/ports.ts";
import type { TenantStore } from "../core/store.ts";
import type { TenantSettings } from "../core/tenant.ts";
import { allChecks, stateOf } from "../intake/connect.ts";
import type { ConnectedTenant } from "../pipeline/scan.ts";

/** The checks of a tenant are a dozen calls; a provider that is slow must not keep them for ever. */
const CHECK_MS = 60_000;

export interface TenantHealthDependencies {
  readonly tenants: Pick<TenantStore, "get" | "update">;
  readonly connected: (id: string) => Promise<ConnectedTenant | undefined>;
  readonly settings: (id: string) => Promise<Pick<TenantSettings, "provider" | "stages"> | undefined>;
  /** The stored tenant is another now. */
  readonly changed: (id: string) => void;
  readonly logger: Logger;
}

export interface TenantHealth {
  /** The provider let the tenant's work be done. */
  readonly ok: (tenantId: string) => void;
  /** Only the loss of consent or credential concerns the tenant as a whole. */
  readonly trouble: (tenantId: string, error: PosternError) => void;
  close(): void;
}

/**
 * Keeps a tenant's state and checks true while it works. When consent or credential are lost the checks are made again,
 * once, so that the administrator reads what to do; and once more when work goes on.
 */
export function openTenantHealth(dependencies: TenantHealthDependencies): TenantHealth {
  const { tenants, logger } = dependencies;
  const closing = new AbortController();
  const standing = new Map<string, "well" | "unwell">();
  /** Of each tenant the last change under way: they are made one after another. */
  const changes = new Map<string, Promise<void>>();

  async function check(id: string, isWell: boolean): Promise<void> {
    const [connected, settings] = await Promise.all([dependencies.connected(id), dependencies.settings(id)]);
    if (!connected || !settings) return;
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(CHECK_MS)]);
    const checks = allChecks(settings, await connected.connector.check(connected.tenant.mode, signal));
    // Somebody else found out the contrary meanwhile, and checks after this.
    if ((standing.get(id) === "well") !== isWell) return;
    // It may pass again by the time it is checked; work that goes on says so.
    const state = isWell ? stateOf(checks) : "degraded";
    await tenants.update(id, { state, checks });
  }

  async function turnUnwell(id: string): Promise<void> {
    await tenants.update(id, { state: "degraded" });
    dependencies.changed(id);
    await check(id, false);
  }

  async function turnWell(id: string, before: "unwell" | undefined): Promise<void> {
    const tenant = await tenants.get(id);
    if (!tenant || tenant.state === "active") return;
    // Another process, or this one before its restart, may have found the credential refused.
    const wasRefused = tenant.checks.some(({ name, ok }) => name === "token" && !ok);
    if (before === "unwell" || wasRefused) await check(id, true);
  }

  function change(id: string, work: () => Promise<void>): void {
    const done = (changes.get(id) ?? Promise.resolve())
      .then(work)
      .catch((error: unknown) => {
        if (!closing.signal.aborted) logger.warn({ err: error, tenant: id }, "a tenant's state could not be written");
      })
      .finally(() => dependencies.changed(id));
    changes.set(id, done);
  }

  return {
    ok(id) {
      const before = standing.get(id);
      if (before === "well") return;
      standing.set(id, "well");
      change(id, () => turnWell(id, before));
    },
    trouble(id, error) {
      if (error.code !== "PROVIDER_UNAUTHORIZED" || standing.get(id) === "unwell") return;
      standing.set(id, "unwell");
      change(id, () => turnUnwell(id));
    },
    close: () => closing.abort(new Error("the service stops")),
  };
}
