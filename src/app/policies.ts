import { PosternError } from "../core/errors.ts";
import type { Clock, Logger } from "../core/ports.ts";
import type { PolicyRevision, PolicyStore } from "../core/store.ts";
import { checkPattern } from "../detect/patterns.ts";
import { builtInDetectors } from "../detect/registry.ts";
import { validators } from "../detect/validators/registry.ts";
import type { Applied, PolicyFormat } from "../http/api/policy.ts";
import type { ActivePolicy } from "../pipeline/inspection.ts";
import { exportPolicy } from "../policy/export.ts";
import { loadPolicy, type PolicyVocabulary } from "../policy/load.ts";
import { starterPolicy } from "../policy/starter.ts";

/** Another process may have replaced the policy: looked at this often. */
const FRESH_MS = 1_000;

/** What the detection engine offers, for the policy's references to it. */
export const VOCABULARY: PolicyVocabulary = {
  detectorIds: new Set(builtInDetectors.map((detector) => detector.id)),
  validatorIds: new Set(validators.keys()),
  checkPattern,
};

export interface Policies {
  current(): Promise<ActivePolicy>;
  show(format: PolicyFormat): Promise<string>;
  apply(source: string, format: PolicyFormat, by: string): Promise<Applied>;
}

/** The policy that holds without any other. */
export function starter(): ActivePolicy {
  const loaded = loadPolicy(starterPolicy(), "yaml", VOCABULARY);
  if (!loaded.ok) throw new PosternError("POLICY_INVALID", "the built-in starter policy has faults");
  return loaded;
}

/** The running policy: the stored one, or the starter. A replacement holds for the next message. */
export function openPolicies(store: PolicyStore, clock: Clock, logger: Logger): Policies {
  let active: ActivePolicy = starter();
  let storedRevision: string | undefined;
  let looked = 0;

  async function refresh(): Promise<void> {
    const stored = await store.current();
    looked = performance.now();
    if (!stored || stored.revision === storedRevision) return;
    adopt(stored);
  }

  function adopt(stored: PolicyRevision): void {
    const loaded = loadPolicy(stored.source, stored.format, VOCABULARY);
    storedRevision = stored.revision;
    if (loaded.ok) active = loaded;
    else
      logger.error(
        { revision: stored.revision, faults: loaded.faults.length },
        "the stored policy cannot be read; the one before stays",
      );
  }

  return {
    async current() {
      if (looked === 0 || performance.now() - looked > FRESH_MS) await refresh();
      return active;
    },
    async show(format) {
      const { policy } = await this.current();
      return exportPolicy(policy, format);
    },
    async apply(source, format, by) {
      const loaded = loadPolicy(source, format, VOCABULARY);
      if (!loaded.ok) return loaded;
      const revision = { revision: loaded.revision, source, format, by, at: clock.now() };
      await store.save(revision);
      adopt(revision);
      return { ok: true, revision: loaded.revision, warnings: loaded.warnings };
    },
  };
}
