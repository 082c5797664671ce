import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));

describe("a command whose output nobody reads any more", () => {
  it("ends without a stack trace", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", MAIN, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
    const ended = once(child, "exit");
    child.stdout.destroy();
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    expect(await ended).toEqual([null, "SIGTERM"]);
    expect(errors).toBe("");
  });
});
