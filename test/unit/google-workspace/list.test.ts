import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ANN, openSandboxTenant, type SandboxTenant } from "./sandbox-tenant.ts";

const NOON = Date.parse("2026-03-01T12:00:00.000Z");
const signal = AbortSignal.timeout(60_000);

describe("listing past sent mail", () => {
  let tenant: SandboxTenant;
  beforeEach(async () => {
    tenant = await openSandboxTenant();
  });
  afterEach(() => tenant.close());

  const sentAt = (ms: number): string => {
    const mime = Buffer.from(`From: ${ANN}\r\nTo: x@out.example\r\nMessage-ID: <${ms}@corp.example>\r\n\r\nhello\r\n`);
    return tenant.sandbox.deposit(ANN, mime, { labels: ["SENT"], at: new Date(NOON + ms) }).id;
  };
  const listed = async (since: number, until: number): Promise<readonly string[]> => {
    const ids: string[] = [];
    const window = { since: new Date(NOON + since), until: new Date(NOON + until) };
    for await (const ref of tenant.connector.list(ANN, window, signal)) ids.push(ref.messageId);
    return ids;
  };

  it("is exact to the millisecond at both ends, although Gmail searches by whole seconds", async () => {
    const ids = [-1_001, -1, 0, 500, 999, 1_000, 1_500, 2_999].map((ms) => sentAt(ms));
    expect(await listed(0, 1_000)).toEqual(ids.slice(2, 5));
    expect(await listed(1_000, 2_000)).toEqual(ids.slice(5, 7));
    expect(await listed(501, 502)).toEqual([]);
  });

  it("gives windows that touch each message once, oldest first, over all pages", async () => {
    const ids = Array.from({ length: 620 }, (_, index) => sentAt(index * 400));
    const [first, second] = [await listed(0, 100_100), await listed(100_100, 1_000_000)];
    expect([...first, ...second]).toEqual(ids);
    expect(second.length).toBeLessThan(500);
    expect(await listed(-1, 1_000_000)).toEqual(ids);
  });
});
