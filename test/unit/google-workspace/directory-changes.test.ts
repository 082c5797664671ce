import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDirectoryComparison } from "../../../connectors/google-workspace/directory-changes.ts";
import type { GoogleUser } from "../../../connectors/google-workspace/payloads.ts";
import type { DirectoryChanges } from "../../../src/core/ports.ts";
import { ANN, BOB, MIA, openSandboxTenant, type SandboxTenant } from "./sandbox-tenant.ts";

const never = new AbortController().signal;

describe("changes of the directory", () => {
  let tenant: SandboxTenant;
  beforeEach(async () => {
    tenant = await openSandboxTenant();
  });
  afterEach(() => tenant.close());

  const since = async (cursor: string | undefined): Promise<DirectoryChanges> => {
    const changes = await tenant.connector.directoryChanges?.(cursor, never);
    if (changes === undefined) throw new Error("no changes");
    return changes;
  };

  it("are none in the beginning, and none while nothing changes", async () => {
    const first = await since(undefined);
    expect(first).toMatchObject({ mailboxes: [], gone: [], many: false });
    expect(await since(first.cursor)).toMatchObject({ mailboxes: [], gone: [] });
  });

  it("name who came, who may not be watched any more and who went", async () => {
    const { cursor } = await since(undefined);
    const { mailboxes: before } = await tenant.connector.directory(never);
    tenant.sandbox.addUser({ address: "new@corp.example", name: "Newly Come", manager: MIA });
    tenant.sandbox.updateUser(ANN, { suspended: true });
    tenant.sandbox.removeUser(BOB);
    const { mailboxes, gone } = await since(cursor);
    expect(mailboxes.map(({ address, usable, manager }) => [address, usable, manager])).toEqual([
      [ANN, false, MIA],
      ["new@corp.example", true, MIA],
    ]);
    expect(gone).toEqual(before.filter(({ address }) => address === BOB).map(({ userId }) => userId));
  });

  it("cannot be told after a cursor that another process got", async () => {
    await since(undefined);
    await expect(since("of-another-process")).rejects.toMatchObject({ code: "CURSOR_EXPIRED" });
  });
});

it("lists a large directory again only after a while", async () => {
  let now = 0;
  let lists = 0;
  const users = Array.from({ length: 2_000 }, (_, n) => ({ id: `${n}`, primaryEmail: `u${n}@corp.example` }));
  const api = {
    users: async () => {
      lists += 1;
      return users.map((user): GoogleUser => ({ ...user, aliases: [], nonEditableAliases: [], orgUnitPath: "/" }));
    },
    domains: async () => [],
    groups: async () => [],
    members: async () => [],
  };
  const { changes } = openDirectoryComparison(() => now);
  let { cursor } = await changes(api, undefined);
  for (; now < 600_000; now += 1_000) ({ cursor } = await changes(api, cursor));
  // Four calls a minute, of 2,400 that are allowed.
  expect(lists).toBe(10);
});
