import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("./servers-child.ts", import.meta.url));

/** Runs the child, kills it with SIGKILL when it has printed `lines` lines, and answers all that it had printed. */
export async function runAndKill(task: readonly string[], lines: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, ["--import", "tsx", CHILD, ...task], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const seen: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    seen.push(line);
    if (seen.length === lines) child.kill("SIGKILL");
  }
  await ended;
  return seen;
}
