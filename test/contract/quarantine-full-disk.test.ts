import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VOCABULARY } from "../../src/app/policies.ts";
import type { Tenant } from "../../src/core/tenant.ts";
import { directoryFacts } from "../../src/pipeline/directory-facts.ts";
import { type Decided, enforce } from "../../src/pipeline/enforce.ts";
import type { Inspection } from "../../src/pipeline/inspection.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import { loadPolicy } from "../../src/policy/load.ts";
import { openBlobStore, openStore } from "../../src/store/store.ts";
import { openVault } from "../../src/vault/vault.ts";
import { DATABASES, newDatabase, type TestDatabase } from "../support/servers-databases.ts";
import { NOON } from "../support/servers-samples.ts";

const POLICY = `rules: [{ id: accounts, when: { detectors: [{ detector: iban }] }, action: quarantine }]
scopes:
  global: { rules: [accounts], settings: { notify.quarantine.originator: false, notify.quarantine.managers: false } }
`;
const TENANT: Tenant = {
  id: "t1",
  provider: "microsoft",
  name: "Corp",
  externalId: "e",
  mode: "respond",
  mailboxes: "all",
  stages: ["sent"],
  serviceMailbox: null,
  state: "active",
  checks: [],
  domains: ["corp.example"],
  createdAt: NOON,
};

for (const { kind, title, missing } of DATABASES)
  describe.skipIf(missing)(`a full disk while a message is sealed, on ${title}`, () => {
    let test: TestDatabase;
    beforeAll(async () => {
      test = await newDatabase(kind);
    });
    afterAll(() => test?.remove());

    it("leaves the message where it is, for another try", async () => {
      const store = openStore(test.database);
      const vault = openVault(openBlobStore(test.database), new Uint8Array(32));
      const dependencies = { messages: store.messages, vault, clock: { now: () => NOON } };
      const run = (sql: string) => test.database.pool.query(sql);
      // What PostgreSQL itself says when the disk is full (SQLSTATE 53100), after the first half was written.
      await run(`create function postern.no_space() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`);
      await run(`create trigger full_disk before insert on postern.blob_chunks for each row
        when (new.number = 1) execute function postern.no_space()`);
      await expect(enforce(decided(), dependencies)).rejects.toMatchObject({
        code: "STORE_UNAVAILABLE",
        counts: false,
        retry: { afterMs: expect.any(Number) },
      });
      const written = async () => [
        (await store.messages.list({}, { limit: 10 })).items.length,
        (await store.quarantine.list({}, { limit: 10 })).items.length,
        Number((await run("select count(*) from postern.blobs")).rows[0]?.count),
      ];
      expect(await written()).toEqual([0, 0, 0]);
      await run("drop trigger full_disk on postern.blob_chunks");
      const { created, record } = await enforce(decided(), dependencies);
      expect([created, record.actions.map((action) => `${action.kind} ${action.state}`)]).toEqual([
        true,
        ["quarantine planned", "recall not-possible"],
      ]);
      expect(await written()).toEqual([1, 1, 1]);
      const item = await store.quarantine.forMessage(record.id);
      expect(Buffer.from(await vault.get("t1", item?.vaultKey ?? "")).equals(MIME)).toBe(true);
    });
  });

/** Several chunks of the blob store, so that the disk is full in the middle. */
const MIME = Buffer.alloc(3 * 1024 * 1024, "x");
const ANN = "ann@corp.example";

/** A mail of Ann's with an IBAN for an outsider, under a policy that quarantines it and tells nobody. */
function decided(): Decided {
  const loaded = loadPolicy(POLICY, "yaml", VOCABULARY);
  if (!loaded.ok) throw new Error("the test's policy has faults");
  const directory = directoryFacts(["corp.example"], [], []);
  const head = { internetMessageId: "<m@x>", subject: "", from: ANN, recipients: [], date: null, headers: [] };
  const inspection = {
    ...{ head, subject: "offer", findings: [], evidence: [], problems: [], attachments: [], origins: [] },
    tallies: [{ detector: "iban", part: "body", confidence: "high", occurrences: 1, fingerprints: ["f"] }],
    fingerprint: "f",
    status: "complete",
  } as const satisfies Inspection;
  const facts = {
    sender: ANN,
    stage: "sent",
    recipients: ["x@out.example"],
    internalDomains: directory.domains,
    groups: directory.groups,
    bytes: MIME.length,
    attachments: [],
    problems: [],
    partOrigins: new Map(),
    encrypted: false,
  } as const;
  const ref = { provider: "microsoft", tenantId: "t1", mailbox: ANN, messageId: "m1" } as const;
  return {
    job: { ref, stage: "sent", trigger: "notification" },
    mime: MIME,
    inspection,
    evaluation: evaluate(loaded.policy, facts, inspection.tallies),
    policy: loaded,
    tenant: TENANT,
    connector: { can: () => new Set(["quarantine", "recall"] as const) },
    directory,
    encrypted: false,
  };
}
