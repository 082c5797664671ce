import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MicrosoftSandbox } from "../../connectors/sandbox/microsoft/sandbox.ts";
import { readConfig } from "../../src/app/config.ts";
import { startService } from "../../src/app/service.ts";
import { openApi } from "../support/api.ts";
import { ADMIN_TOKEN, type Environment, flowEnvironment, freePort } from "../support/flow-service.ts";
import { checkGraphRequest } from "../support/graph-spec.ts";
import {
  DOMAIN,
  microsoftEnvironment,
  microsoftSettings,
  startPeopledMicrosoft,
} from "../support/microsoft-service.ts";
import { PATIENCE_MS, START_MS } from "./watching.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

describe("the doctor beside a service that does not run", { timeout: 2 * PATIENCE_MS }, () => {
  const folder = mkdtempSync(join(tmpdir(), "postern-doctor-"));
  let sandbox: MicrosoftSandbox;
  let environment: Environment;
  beforeAll(async () => {
    sandbox = await startPeopledMicrosoft();
    environment = { ...flowEnvironment(folder, await freePort()), ...microsoftEnvironment(sandbox) };
    const config = readConfig({ ...environment }, folder);
    const service = await startService(config, "all", pino({ level: "fatal" }));
    const api = openApi(service.url ?? "", ADMIN_TOKEN);
    const { status } = await api.request("POST", "/api/v1/tenants", microsoftSettings(sandbox));
    await service.stop();
    expect(status).toBe(201);
  }, START_MS);
  afterAll(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
    expect(sandbox.requests.flatMap((seen) => checkGraphRequest(seen))).toEqual([]);
  });

  /** `postern tenant doctor …` as an administrator types it. */
  const run = (options: readonly string[], change: Environment = {}) =>
    new Promise<{ readonly status: unknown; readonly out: string; readonly err: string }>((resolve) => {
      execFile(
        process.execPath,
        ["--import", "tsx", MAIN, "tenant", "doctor", ...options],
        { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment, ...change } },
        (error, out, err) => resolve({ status: error?.code ?? 0, out, err }),
      );
    });

  it("tries everything but what only the service can do, and says plainly that this is not proved", async () => {
    const { status, out, err } = await run([]);
    expect({ status, err: err.split("\n")[0] }).toEqual({
      status: 0,
      err: expect.stringContaining("examining with the database of this installation"),
    });
    expect(out).toMatch(/ok +send +[\d.]+ s {2}from dlp@/);
    expect(out).toMatch(/ok +read +[\d.]+ s {2}\d+ bytes of MIME/);
    expect(out).toMatch(/ok +catch-up +[\d.]+ s {2}/);
    expect(out).toMatch(/warning ledger +.*not proved: the service is not running/);
    expect(out).toMatch(/ok +clean-up +[\d.]+ s {2}2 copies moved to the trash/);
    expect(sandbox.messages(`dlp@${DOMAIN}`).map(({ folder: where }) => where)).toEqual([
      "deleteditems",
      "deleteditems",
    ]);
  });

  it("exits 2 for a tenant that is not there, and for a service elsewhere that does not answer", async () => {
    expect(await run(["nobody"])).toMatchObject({ status: 2, err: expect.stringContaining("no such tenant") });
    const elsewhere = await run([], { POSTERN_URL: `http://127.0.0.1:${await freePort()}` });
    expect(elsewhere).toMatchObject({ status: 2, out: "", err: expect.stringContaining("no service answers") });
  });
});
