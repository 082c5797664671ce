import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig, readScanConfig, SETTING_NAMES } from "../../../src/app/config.ts";
import { PosternError } from "../../../src/core/errors.ts";

describe("the configuration", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "postern-config-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const refusal = (env: NodeJS.ProcessEnv, file?: string): string => {
    if (file !== undefined) writeFileSync(join(folder, "postern.yaml"), file);
    try {
      readConfig(env, folder);
    } catch (error) {
      expect(error).toMatchObject({ name: PosternError.name, code: "CONFIG_INVALID" });
      return (error as Error).message;
    }
    throw new Error("nothing was refused");
  };

  it("has defaults for everything, and takes an empty variable for one that is not set", () => {
    const defaults = { HOST: "127.0.0.1", PORT: 8025, LOG_LEVEL: "info", POSTERN_CATCH_UP_SECONDS: 60 };
    expect(readConfig({}, folder)).toMatchObject(defaults);
    expect(readConfig(Object.fromEntries(SETTING_NAMES.map((name) => [name, ""])), folder)).toEqual(
      readConfig({}, folder),
    );
    expect(readScanConfig({ POSTERN_CHILDREN: "" })).toEqual({ POSTERN_CHILDREN: 0, POSTERN_OCR_LANGUAGES: ["eng"] });
  });

  it("reads postern.yaml, and lets the environment win", () => {
    writeFileSync(join(folder, "postern.yaml"), "PORT: 8100\nLOG_LEVEL: debug\nPOSTERN_EXPORT_PORTS: '80,8081'\n");
    const config = readConfig({ PORT: "8200" }, folder);
    expect(config).toMatchObject({ PORT: 8200, LOG_LEVEL: "debug", POSTERN_EXPORT_PORTS: [80, 8081] });
  });

  it.each([
    ["PORT", "eighty", 'PORT: expected a whole number from 0 to 65535, found "eighty"'],
    ["PORT", "65536", 'PORT: expected a whole number from 0 to 65535, found "65536"'],
    ["PORT", "80.5", 'PORT: expected a whole number from 0 to 65535, found "80.5"'],
    ["LOG_LEVEL", "loud", 'LOG_LEVEL: expected one of trace, debug, info, warn, error, fatal, silent, found "loud"'],
    ["POSTERN_CHILDREN", "-1", 'POSTERN_CHILDREN: expected a whole number from 0 to 256, found "-1"'],
    ["POSTERN_EXPORT_ALLOW_PRIVATE", "yes", 'POSTERN_EXPORT_ALLOW_PRIVATE: expected one of true, false, found "yes"'],
    ["POSTERN_SMTP_FROM", "dlp", 'POSTERN_SMTP_FROM: expected a mail address, found "dlp"'],
    ["POSTERN_EXPORT_PORTS", "0", 'POSTERN_EXPORT_PORTS: expected numbers of ports with commas between, found "0"'],
    [
      "POSTERN_OCR_LANGUAGES",
      "eng,,x",
      'POSTERN_OCR_LANGUAGES: expected codes of languages such as eng,deu, found "eng,,x"',
    ],
  ])("says what %s = %s should be", (name, value, sentence) => {
    expect(refusal({ [name]: value })).toBe(`the configuration has faults:\n  ${sentence}`);
  });

  it("never shows a value that is or may hold a secret", () => {
    const secret = "hunter2-hunter2";
    const named = [
      "POSTERN_SECRET",
      "DATABASE_URL",
      "REDIS_URL",
      ...SETTING_NAMES.filter((name) => name.endsWith("_URL")),
    ];
    for (const name of named) {
      const sentence = refusal({ [name]: `ftp://ann:${secret}@host` });
      expect(sentence).toContain(`  ${name}: expected `);
      expect(sentence).not.toContain(secret);
    }
  });

  it("names every fault at once, each in one line without a word of the library", () => {
    const bad = Object.fromEntries(SETTING_NAMES.map((name) => [name, "\u0000 no such value"]));
    const lines = refusal(bad).split("\n").slice(1);
    expect(lines.length).toBeGreaterThan(15);
    for (const line of lines)
      expect(line).toMatch(/^ {2}[A-Z_]+: expected .+, found ("[^\0]*"|a text of \d+ characters)$/);
  });

  it("insists on https away from this machine", () => {
    const url = "http://mail.example/";
    expect(refusal({ POSTERN_GRAPH_URL: url })).toContain("POSTERN_GRAPH_URL: expected an https address");
    const local = readConfig(
      { POSTERN_GRAPH_URL: "http://127.0.0.1:9/", POSTERN_GMAIL_URL: "https://a.example/" },
      folder,
    );
    expect(local).toMatchObject({ POSTERN_GRAPH_URL: "http://127.0.0.1:9", POSTERN_GMAIL_URL: "https://a.example" });
  });

  it.each([
    ["PORT: [1]\n", /postern\.yaml:1:7: PORT: expected a text, a number, true or false, found a list$/],
    ["HOST: a\nPROT: 1\n", /postern\.yaml:2:1: unknown setting PROT$/],
    ["- PORT\n", /postern\.yaml:1:1: expected lines of NAME: value$/],
    ["HOST: 'a\n", /postern\.yaml:\d+:\d+: [^\n]+$/],
    ["\0", /postern\.yaml: cannot be read: it is not a text file$/],
  ])("tells where postern.yaml is wrong: %j", (text, sentence) => {
    expect(refusal({}, text)).toMatch(sentence);
  });
});
