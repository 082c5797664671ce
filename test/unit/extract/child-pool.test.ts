import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type ChildPool, type ChildPoolOptions, openChildPool } from "../../../src/extract/child-pool.ts";
import type { Misdeed } from "./children/misbehaving.ts";

const entry = new URL("./children/misbehaving.ts", import.meta.url);
const never = new AbortController().signal;
const open: ChildPool<Misdeed, unknown>[] = [];

function pool(options: Partial<ChildPoolOptions> = {}): ChildPool<Misdeed, unknown> {
  const opened = openChildPool<Misdeed, unknown>({ entry, size: 1, heapMb: 64, recycleAfter: 100, ...options });
  open.push(opened);
  return opened;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((opened) => opened.close()));
});

async function pidOf(children: ChildPool<Misdeed, unknown>): Promise<number> {
  const result = await children.run({ what: "echo" }, { timeoutMs: 60_000 }, never);
  if (!result.ok) throw new Error(result.reason);
  return (result.reply as { pid: number }).pid;
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/cmdline`);
}

describe("child pool", { timeout: 120_000 }, () => {
  it("passes bytes there and back", async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index & 255);
    const result = await pool().run({ what: "echo", bytes }, { timeoutMs: 60_000 }, never);
    expect(result.ok && (result.reply as { bytes: Uint8Array }).bytes).toEqual(bytes);
  });

  it.each([
    ["throw", "crash"],
    ["exit", "crash"],
    ["segv", "crash"],
    ["fill-heap", "memory"],
  ] as const)("turns %s into the value %s and serves the next request", async (what, reason) => {
    const children = pool();
    const result = await children.run({ what }, { timeoutMs: 60_000 }, never);
    expect(result).toEqual({ ok: false, reason, progress: what });
    expect(await pidOf(children)).toBeGreaterThan(0);
  });

  it.each(["spin", "sleep"] as const)("kills a child that would %s for ever at its deadline", async (what) => {
    const children = pool();
    const before = await pidOf(children);
    const result = await children.run({ what }, { timeoutMs: 300 }, never);
    expect(result).toEqual({ ok: false, reason: "timeout", progress: what });
    await vi.waitFor(() => expect(isAlive(before)).toBe(false), { timeout: 5_000 });
    expect(await pidOf(children)).not.toBe(before);
  });

  it("kills a child that says nothing for too long", async () => {
    const result = await pool().run({ what: "sleep" }, { timeoutMs: 60_000, stallMs: 200 }, never);
    expect(result).toEqual({ ok: false, reason: "timeout", progress: "sleep" });
  });

  it("kills a child that takes memory outside of its heap", async () => {
    const result = await pool({ memoryMb: 256 }).run({ what: "fill-memory" }, { timeoutMs: 60_000 }, never);
    expect(result).toEqual({ ok: false, reason: "memory", progress: "fill-memory" });
  });

  it("keeps a child warm and replaces it after its number of requests", async () => {
    const children = pool({ recycleAfter: 2 });
    const pids = [await pidOf(children), await pidOf(children), await pidOf(children)];
    expect(pids[1]).toBe(pids[0]);
    expect(pids[2]).not.toBe(pids[0]);
  });

  it("hands down no environment but what was given", async () => {
    process.env.SECRET_OF_THE_PARENT = "x";
    const result = await pool({ env: { GIVEN: "yes" } }).run({ what: "environment" }, { timeoutMs: 60_000 }, never);
    delete process.env.SECRET_OF_THE_PARENT;
    const seen = result.ok ? (result.reply as { names: string[]; given: string }) : { names: [], given: "" };
    expect(seen.given).toBe("yes");
    expect(seen.names).not.toContain("SECRET_OF_THE_PARENT");
  });

  it("answers what a child asks", async () => {
    const children = pool({ answer: async (question) => ({ question, answer: 42 }) });
    const result = await children.run({ what: "ask" }, { timeoutMs: 60_000 }, never);
    expect(result).toEqual({ ok: true, reply: { question: { question: "what is it?" }, answer: 42 } });
  });

  it("ends a request whose signal aborts, and only that one", async () => {
    const children = pool();
    const abort = new AbortController();
    const running = children.run({ what: "sleep" }, { timeoutMs: 60_000 }, abort.signal);
    abort.abort(new Error("no longer wanted"));
    await expect(running).rejects.toThrow("no longer wanted");
    expect(await pidOf(children)).toBeGreaterThan(0);
  });

  const walled = spawnSync("unshare", ["--net", "true"]).status === 0;
  it.skipIf(!walled)("gives children no network where the system can take it away", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const result = await pool().run({ what: "network", port }, { timeoutMs: 60_000 }, never);
    server.close();
    expect(result).toEqual({ ok: true, reply: "refused" });
  });

  it("leaves no child behind when its parent is killed, not even one in an endless loop", async () => {
    const parent = spawn(
      process.execPath,
      ["--import", "tsx", new URL("./children/parent.ts", import.meta.url).pathname],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const child = Number(line.toString("utf8").trim());
    expect(isAlive(child)).toBe(true);
    parent.kill("SIGKILL");
    await vi.waitFor(() => expect(isAlive(child)).toBe(false), { timeout: 10_000 });
  });
});
