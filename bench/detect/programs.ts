import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome, Variant } from "./variants.ts";

/** grep and ripgrep with all patterns at once, where they are installed. Of overlapping matches they report one. */
export function programs(
  sources: readonly string[],
  buffersOf: (mails: readonly string[]) => readonly Buffer[],
): readonly Variant[] {
  return [
    program("grep", ["-a", "-o", "-E"], sources.map(posixPattern), buffersOf),
    program("rg", ["-a", "-o", "--no-filename", "--no-line-number", "--no-unicode", "-j1"], sources, buffersOf),
  ].filter((variant) => variant !== undefined);
}

function program(
  command: string,
  options: readonly string[],
  patterns: readonly string[],
  buffersOf: (mails: readonly string[]) => readonly Buffer[],
): Variant | undefined {
  if (spawnSync(command, ["--version"]).status !== 0) return undefined;
  const usable = patterns.filter((pattern) => search(command, options, [pattern], [Buffer.from("text")]) !== undefined);
  return {
    name: `${command} ${options.join(" ")}, ${usable.length} of ${patterns.length} patterns at once`,
    run: (mails) => search(command, options, usable, buffersOf(mails)) ?? { found: Number.NaN },
  };
}

/** Undefined when the program refuses a pattern. Its processor time is told by the shell that waits for it. */
function search(
  command: string,
  options: readonly string[],
  patterns: readonly string[],
  texts: readonly Buffer[],
): Outcome | undefined {
  const folder = mkdtempSync(join(tmpdir(), "bench-detect-"));
  try {
    writeFileSync(join(folder, "text"), Buffer.concat(texts.flatMap((text) => [text, Buffer.from("\n")])));
    writeFileSync(join(folder, "patterns"), `${patterns.join("\n")}\n`);
    const script = `"$0" "$@" > found; status=$?; times > times; exit $status`;
    const { status } = spawnSync("sh", ["-c", script, command, ...options, "-f", "patterns", "text"], {
      cwd: folder,
      env: { ...process.env, LC_ALL: "C" },
    });
    if (status === null || status > 1) return undefined;
    const found = readFileSync(join(folder, "found"), "latin1").split("\n").length - 1;
    return { found, seconds: childSeconds(readFileSync(join(folder, "times"), "latin1")) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `times` prints user and system time of the shell, and below them those of its children: 0m1.250s 0m0.020s. */
function childSeconds(times: string): number {
  const children = times.split("\n")[1] ?? "";
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0);
}

/** POSIX has neither \d nor (?: ); a pattern of grep holds no line break. */
function posixPattern(source: string): string {
  return source
    .replaceAll("(?:", "(")
    .replaceAll("\\d", "[0-9]")
    .replaceAll("\\r?\\n?", "")
    .replaceAll("|\\r?\\n)", ")")
    .replace(/\[\^?[^\]]*\]/g, (set) => set.replaceAll("\\s", " ").replaceAll("\\r\\n", "").replaceAll("\\t", "\t"));
}
