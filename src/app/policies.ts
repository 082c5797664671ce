import { PosternError } from "../core/errors.ts";
import type { Clock, Logger } from "../core/ports.ts";
import type { PolicyRevision, PolicyStore, Store } from "../core/store.ts";
import { checkPattern } from "../detect/patterns.ts";
import { builtInDetectors } from "../detect/registry.ts";
import { validators } from "../detect/validators/registry.ts";
import type { Applied, Edits, PolicyAccess, PolicyFormat } from "../http/api/policy-access.ts";
import type { ActivePolicy } from "../pipeline/inspection.ts";
import { comparePolicies, type PolicyChange } from "../policy/compare.ts";
import { editPolicy } from "../policy/edit.ts";
import { exportPolicy } from "../policy/export.ts";
import { foreignUsers } from "../policy/foreign-users.ts";
import { type LoadedPolicy, loadPolicy, type PolicyVocabulary } from "../policy/load.ts";
import { starterPolicy } from "../policy/starter.ts";

/** Another process may have replaced the policy: looked at this often. */
const FRESH_MS = 1_000;
/** Edits that others overtook are made again on what they left. */
const MOST_OVERTAKEN = 5;
/** An audit event names so many changes; the history shows all. */
const MOST_AUDITED = 100;

/** What the detection engine offers, for the policy's references to it. */
export const VOCABULARY: PolicyVocabulary = {
  detectorIds: new Set(builtInDetectors.map((detector) => detector.id)),
  validatorIds: new Set(validators.keys()),
  checkPattern,
};

export interface Policies extends PolicyAccess {
  /** Checks a policy without running it. */
  load(source: string, format: PolicyFormat): LoadedPolicy;
  /** What the running policy's text would be after changes. */
  edited(edits: Edits): Promise<{ readonly source: string; readonly format: PolicyFormat }>;
}

/** The policy that holds without any other. */
export function starter(): ActivePolicy {
  const loaded = loadPolicy(starterPolicy(), "yaml", VOCABULARY);
  if (!loaded.ok) throw new PosternError("POLICY_INVALID", "the built-in starter policy has faults");
  return loaded;
}

/** The running policy: the stored one, or the starter. A replacement holds for the next message. */
export function openPolicies(
  { policies: store, tenants }: Pick<Store, "policies" | "tenants">,
  clock: Clock,
  logger: Logger,
): Policies {
  const load = (source: string, format: PolicyFormat): LoadedPolicy => loadPolicy(source, format, VOCABULARY);
  let active: ActivePolicy = starter();
  let text: { readonly source: string; readonly format: PolicyFormat } = { source: starterPolicy(), format: "yaml" };
  let storedRevision: string | undefined;
  let looked = 0;

  const tenantDomains = async () => (await tenants.list()).flatMap((tenant) => tenant.domains);

  async function refresh(): Promise<void> {
    const stored = await store.current();
    looked = performance.now();
    if (!stored || stored.revision === storedRevision) return;
    adopt(stored);
  }

  function adopt(stored: PolicyRevision): void {
    const loaded = load(stored.source, stored.format);
    storedRevision = stored.revision;
    if (loaded.ok) {
      active = loaded;
      text = { source: stored.source, format: stored.format };
    } else
      logger.error(
        { revision: stored.revision, faults: loaded.faults.length },
        "the stored policy cannot be read; the one before stays",
      );
  }

  async function current(): Promise<ActivePolicy> {
    if (looked === 0 || performance.now() - looked > FRESH_MS) await refresh();
    return active;
  }

  /** Undefined when somebody else was faster. */
  async function put(
    source: string,
    format: PolicyFormat,
    by: string,
    change: { readonly kind: "policy-applied" | "policy-edited" | "policy-rolled-back"; readonly guarded: boolean },
  ): Promise<Applied | undefined> {
    const loaded = load(source, format);
    if (!loaded.ok) return loaded;
    // What held once may hold again, whoever was disconnected since.
    const foreign =
      change.kind === "policy-rolled-back"
        ? []
        : foreignUsers({ source, format }, loaded.policy, active.policy, await tenantDomains());
    if (foreign.length > 0) return { ok: false, faults: foreign };
    const changes = comparePolicies(active.policy, loaded.policy);
    const revision = { revision: loaded.revision, source, format, by, at: clock.now() };
    const audit = { change: change.kind, by, revision: loaded.revision, before: active.revision, ...named(changes) };
    const unless = change.guarded ? { unless: { newestIsNot: storedRevision } } : {};
    if (!(await store.save(revision, { ...unless, audit }))) return undefined;
    adopt(revision);
    return { ok: true, revision: loaded.revision, warnings: loaded.warnings };
  }

  return {
    current,
    load,
    async show(format) {
      return exportPolicy((await current()).policy, format);
    },
    async apply(source, format, by) {
      await refresh();
      const applied = await put(source, format, by, { kind: "policy-applied", guarded: false });
      return applied ?? overtaken();
    },
    async edit(edits, by) {
      for (let tries = 0; tries < MOST_OVERTAKEN; tries++) {
        await refresh();
        const source = editPolicy(text.source, text.format, edits(active));
        const applied = await put(source, text.format, by, { kind: "policy-edited", guarded: true });
        if (applied) return applied;
      }
      return overtaken();
    },
    async edited(edits) {
      await refresh();
      return { source: editPolicy(text.source, text.format, edits(active)), format: text.format };
    },
    async history(limit, before) {
      // One more than asked for: a change shows against the entry before.
      const entries = await store.history(limit + 1, before);
      return entries.slice(0, limit).map((entry, index) => ({
        revision: entry.revision,
        number: entry.number ?? 0,
        by: entry.by,
        at: entry.at,
        changes: changesBetween(entries[index + 1], entry, load),
      }));
    },
    find: (revision) => store.find(revision),
    async rollback(revision, by) {
      await refresh();
      const target = await earlier(revision, store);
      const applied = await put(target.source, target.format, by, { kind: "policy-rolled-back", guarded: true });
      return applied ?? overtaken();
    },
  };
}

async function earlier(revision: string | undefined, store: PolicyStore): Promise<PolicyText> {
  if (revision !== undefined) {
    const found = await store.find(revision);
    if (!found) throw new PosternError("NOT_FOUND", "there is no such revision of the policy");
    return found;
  }
  const [newest, ...before] = await store.history(100);
  const found = before.find((entry) => entry.revision !== newest?.revision);
  if (found) return found;
  // The first policy that was applied took the starter's place.
  if (newest) return { source: starterPolicy(), format: "yaml" };
  throw new PosternError("NOT_FOUND", "there is no policy before the running one");
}

type PolicyText = Pick<PolicyRevision, "source" | "format">;

function changesBetween(
  before: PolicyText | undefined,
  after: PolicyText,
  load: (source: string, format: PolicyFormat) => LoadedPolicy,
): readonly PolicyChange[] {
  const old = before ? load(before.source, before.format) : load(starterPolicy(), "yaml");
  const now = load(after.source, after.format);
  return old.ok && now.ok ? comparePolicies(old.policy, now.policy) : [];
}

function named(changes: readonly PolicyChange[]): {
  readonly changes: readonly PolicyChange[];
  readonly changeCount: number;
} {
  return { changes: changes.slice(0, MOST_AUDITED), changeCount: changes.length };
}

function overtaken(): never {
  throw new PosternError("CONFLICT", "somebody else changed the policy meanwhile; look at it and try again");
}
