import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { pushExpectation, readPush } from "../../../connectors/google-workspace/receive.ts";
import { openSigningKeys } from "../../../connectors/google-workspace/signing-keys.ts";
import { ANN, openSandboxTenant, type SandboxTenant } from "./sandbox-tenant.ts";

let tenant: SandboxTenant;
afterEach(() => tenant.close());

it("works without any key: IAM signs for the workload", async () => {
  const folder = await mkdtemp(join(tmpdir(), "postern-"));
  try {
    const tokenFile = join(folder, "token");
    tenant = await openSandboxTenant(({ serviceAccount }) => ({
      credential: { kind: "keyless", serviceAccount: serviceAccount.client_email, tokenFile },
    }));
    await writeFile(tokenFile, tenant.sandbox.workloadToken);
    const checks = await tenant.connector.check("respond", new AbortController().signal);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("says that the workload has no identity when its token file is missing", async () => {
  tenant = await openSandboxTenant(({ serviceAccount }) => ({
    credential: { kind: "keyless", serviceAccount: serviceAccount.client_email, tokenFile: "/nowhere/token" },
  }));
  const [token] = await tenant.connector.check("observe", new AbortController().signal);
  expect(token).toMatchObject({ name: "token", ok: false, missing: "identity of the workload" });
});

it("accepts a push that Pub/Sub signed, with keys from the customary path of a bare host", async () => {
  const target = { url: "http://127.0.0.1:1/webhooks/google", serviceAccount: "push@p.iam.example" };
  tenant = await openSandboxTenant();
  const { sandbox } = tenant;
  const settings = {
    pubsub: { ...sandbox.pubsub, delivery: "push", audience: target.url, serviceAccount: target.serviceAccount },
  } as const;
  const expected = pushExpectation(settings);
  const keys = openSigningKeys({ certsUrl: sandbox.certsUrl, clock: { now: () => new Date() } });
  const data = Buffer.from(JSON.stringify({ emailAddress: ANN, historyId: 7 })).toString("base64");
  const body = Buffer.from(JSON.stringify({ message: { data }, subscription: expected?.subscription }));
  const read = (token: string) =>
    expected && readPush({ headers: { authorization: `Bearer ${token}` }, body }, expected, keys);
  expect(await read(sandbox.notifications.token(target))).toEqual({
    ok: true,
    hints: [{ kind: "mailbox", mailbox: ANN }],
  });
  const other = sandbox.notifications.token({ ...target, audience: "https://other.example" });
  expect(await read(other)).toEqual({ ok: false, reason: "not-verified" });
});
