import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import RE2 from "re2";
import { createEngine } from "../../src/detect/engine.ts";
import { builtInDetectors } from "../../src/detect/registry.ts";
import { exactPattern, ownedShape } from "../../src/detect/scan/scan-pattern.ts";
import { createTextScan } from "../../src/detect/scan/text-scan.ts";
import { foldedView } from "../../src/detect/views/folded.ts";

/** One way of searching all mails. Returns what it found. */
export interface Variant {
  readonly name: string;
  run(mails: readonly string[]): number;
}

const SHAPES = builtInDetectors.flatMap(({ shapes, view }, owner) =>
  shapes.map((shape) => ownedShape(owner, view, shape)),
);
/** The e-mail rule, which the engine finds from its @; the others must search for it. */
const ADDRESS = "[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,100}\\.[A-Za-z]{2,10}";

function bounded(open: string | undefined, pattern: string): string {
  return `${open === "start" || open === "both" ? "" : "\\b"}(?:${pattern})${open === "end" || open === "both" ? "" : "\\b"}`;
}

export const SOURCES: readonly string[] = [
  ...SHAPES.map(({ shape }) => bounded(shape.open, shape.pattern)),
  bounded(undefined, ADDRESS),
];

function engineVariant(): Variant {
  const engine = createEngine({ definitions: [], skipList: "default", testNumbers: "report" });
  const key = new Uint8Array(32);
  return {
    name: "Postern, whole engine (validators, context, counts)",
    run: (mails) =>
      mails.reduce((sum, text) => {
        const parts = [{ path: "body", origin: "body", text, layout: "prose", mediaType: "text/plain" }] as const;
        return sum + engine.detect({ parts, key }).tallies.reduce((count, { occurrences }) => count + occurrences, 0);
      }, 0),
  };
}

function scanVariant(): Variant {
  const scan = createTextScan(SHAPES, []);
  return {
    name: "Postern, spans of all shapes only",
    run(mails) {
      let found = 0;
      for (const mail of mails) {
        scan(foldedView(mail).bytes, {
          shape: (_, __, end) => {
            found++;
            return end;
          },
          keyword: () => {},
        });
      }
      return found;
    },
  };
}

function oneByOne(name: string, compile: (source: string) => RegExp): Variant {
  const patterns = SOURCES.map(compile);
  return {
    name,
    run(mails) {
      let found = 0;
      for (const mail of mails) for (const pattern of patterns) for (const _ of mail.matchAll(pattern)) found++;
      return found;
    },
  };
}

function re2Buffers(): Variant {
  const patterns = SOURCES.map((source) => new RE2(source, "gu"));
  return {
    name: "RE2, one by one on buffers",
    run(mails) {
      let found = 0;
      for (const mail of mails) {
        const bytes = Buffer.from(mail);
        for (const pattern of patterns) {
          pattern.lastIndex = 0;
          while (pattern.exec(bytes) !== null) found++;
        }
      }
      return found;
    },
  };
}

/** A program on the PATH with the combined pattern; undefined where it is not installed. */
function program(command: string, options: readonly string[]): Variant | undefined {
  if (spawnSync(command, ["--version"]).status !== 0) return undefined;
  return {
    name: `${command} ${options.join(" ")}`,
    run(mails) {
      const folder = mkdtempSync(join(tmpdir(), "bench-detect-"));
      try {
        writeFileSync(join(folder, "text"), mails.join("\n"));
        // POSIX knows neither \d nor (?: ).
        const patterns = SOURCES.map((source) =>
          source.replaceAll("\\d", "[0-9]").replaceAll("(?:", "(").replaceAll("\\r", "").replaceAll("\\n", ""),
        );
        writeFileSync(join(folder, "patterns"), `${patterns.join("\n")}\n`);
        const found = spawnSync(command, [...options, "-f", join(folder, "patterns"), join(folder, "text")], {
          maxBuffer: 1_073_741_824,
          env: { ...process.env, LC_ALL: "C" },
        });
        return found.stdout.toString("latin1").split("\n").length - 1;
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}

/** In the order in which they are measured, interleaved. The first is what the ratios refer to. */
export function createVariants(withPrograms: boolean): readonly Variant[] {
  const programs = withPrograms
    ? [program("grep", ["-a", "-E", "-o"]), program("rg", ["-a", "-o", "--no-unicode", "-j1"])]
    : [];
  return [
    engineVariant(),
    scanVariant(),
    oneByOne("JavaScript RegExp, one by one", (source) => new RegExp(source, "g")),
    oneByOne("RE2, one by one on strings", (source) => new RE2(source, "gu")),
    re2Buffers(),
    ...programs.filter((variant) => variant !== undefined),
  ];
}
