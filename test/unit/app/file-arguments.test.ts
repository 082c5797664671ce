import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apply, check } from "../../../src/app/policy-command.ts";
import { explain } from "../../../src/app/policy-explain-command.ts";
import { importPolicy } from "../../../src/app/policy-import-command.ts";
import { simulate } from "../../../src/app/policy-simulate-command.ts";
import { readText } from "../../../src/app/read-text.ts";
import { scan } from "../../../src/app/scan-command.ts";
import { set } from "../../../src/app/skip-list-command.ts";
import { connect } from "../../../src/app/tenant-command.ts";

const MAIN = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));
const isRoot = process.getuid?.() === 0;

describe("a command that takes a file", () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "postern-files-"));
    mkdirSync(at("folder"));
    writeFileSync(at("binary"), Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0x41]));
    writeFileSync(at("latin1"), Buffer.from("caf\u00e9 secret-in-file", "latin1"));
    writeFileSync(at("utf16"), Buffer.from("\ufeffversion: 1\n", "utf16le"));
    writeFileSync(at("unreadable"), "version: 1\n");
    chmodSync(at("unreadable"), 0o000);
    writeFileSync(at("marked"), "\ufeffversion: 1\n");
    writeFileSync(at("broken.json"), '{"credential": {"value": "secret-in-file"');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const commands: Readonly<Record<string, (file: string) => unknown>> = {
    "policy check": check,
    "policy apply": apply,
    "policy explain": (file) => explain(file, "ann@corp.example"),
    "policy simulate": async (file) => simulate(file, { since: "1d" }),
    "policy import": (file) => importPolicy(file, "gitleaks"),
    "scan --policy": (file) => scan([at("marked")], { policy: file }),
    "skip-list set": async (file) => set(file),
    "tenant connect": connect,
  };
  const troubles = {
    missing: "no such file",
    folder: "it is a folder",
    binary: "it is not a text file",
    latin1: "it is not text in UTF-8",
    utf16: "it is not text in UTF-8",
    "broken.json/below": "no such file",
    ...(isRoot ? {} : { unreadable: "permission denied" }),
  };

  it.each(Object.keys(commands))("says in a sentence why %s cannot read it", async (name) => {
    for (const [file, why] of Object.entries(troubles)) {
      const ended = async () => commands[name]?.(at(file));
      await expect(ended()).rejects.toMatchObject({
        code: "REQUEST_INVALID",
        message: `${at(file)}: cannot be read: ${why}`,
      });
    }
  });

  it("names place and reason of a fault in a tenant's settings, and nothing of what stands there", async () => {
    await expect(connect(at("broken.json"))).rejects.toMatchObject({
      message: expect.stringMatching(/^\S+broken\.json:1:\d+: [^\n]+(\n\S+broken\.json:1:\d+: [^\n]+)*$/),
    });
    await expect(connect(at("broken.json"))).rejects.not.toMatchObject({
      message: expect.stringContaining("secret-in-file"),
    });
  });

  it("reads text without its byte order mark", () => {
    expect(readText(at("marked"))).toBe("version: 1\n");
  });

  it("ends with exit status 2 and one line", () => {
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      ["--import", "tsx", MAIN, "tenant", "connect", at("missing")],
      { encoding: "utf8" },
    );
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: "",
      stderr: `postern: ${at("missing")}: cannot be read: no such file\n`,
    });
  });
});
