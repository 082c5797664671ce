import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { lockFolder } from "../../../src/store/folder-lock.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "postern-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

it("writes the owner's pid and leaves nothing behind when it is given back", () => {
  const folder = newFolder();
  const unlock = lockFolder(folder);
  expect(JSON.parse(readFileSync(join(folder, "database.lock"), "utf8"))).toMatchObject({ pid: process.pid });
  expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  unlock();
  unlock();
  expect(readdirSync(folder)).toEqual([]);
});

it.each([
  ["a dead process", () => JSON.stringify({ pid: spawnSync("true").pid, started: "1", nonce: "x" })],
  [
    "an earlier process with a pid that is in use again",
    () => JSON.stringify({ pid: process.ppid, started: "1", nonce: "x" }),
  ],
  ["an earlier process with our pid", () => JSON.stringify({ pid: process.pid, started: "1", nonce: "x" })],
  ["a process that wrote nothing readable", () => ""],
])("takes over the lock of %s", (_, text) => {
  const folder = newFolder();
  writeFileSync(join(folder, "database.lock"), text());
  const unlock = lockFolder(folder);
  unlock();
  expect(existsSync(join(folder, "database.lock"))).toBe(false);
});

it("refuses the lock of a living process and names it", () => {
  const folder = newFolder();
  const text = JSON.stringify({ pid: process.ppid, started: "", nonce: "x" });
  writeFileSync(join(folder, "database.lock"), text);
  expect(() => lockFolder(folder)).toThrow(`process ${process.ppid}`);
  expect(readFileSync(join(folder, "database.lock"), "utf8")).toBe(text);
});
