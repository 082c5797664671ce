import { randomBytes } from "node:crypto";
import { readFiles } from "../../connectors/files/read.ts";
import { faultLines } from "../cli/policy.ts";
import { openProgress } from "../cli/progress.ts";
import { scanFiles } from "../cli/scan.ts";
import type { ActivePolicy } from "../pipeline/inspection.ts";
import { errorLine, outputLine } from "./command-line.ts";
import { readScanConfig } from "./config.ts";
import { openMessageInspector } from "./inspector.ts";
import { starter } from "./policies.ts";
import { loadPolicyFile } from "./read-policy.ts";

export interface ScanOptions {
  readonly json?: boolean;
  readonly policy?: string;
  readonly reveal?: boolean;
}

/** `postern scan`: no server, no database; children read, this process decides and prints. */
export async function scan(paths: readonly string[], options: ScanOptions): Promise<0 | 1 | 2> {
  const policy = policyFor(options.policy);
  if (!policy) return 2;
  const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const inspector = openMessageInspector(readScanConfig(process.env), {
    logger: silent,
    metrics: { count: ignore, observe: ignore },
  });
  const ended = new AbortController();
  process.once("SIGINT", () => ended.abort());
  try {
    return await scanFiles(
      {
        items: readFiles(paths),
        policy,
        inspector,
        // Fingerprints tell equal values apart within one run; nothing keeps them.
        key: randomBytes(32),
        json: options.json === true,
        reveal: options.reveal === true,
        out: outputLine,
        err: errorLine,
        progress: openProgress(paths.length === 1 ? undefined : paths.length),
      },
      ended.signal,
    );
  } finally {
    await inspector.close();
  }
}

function policyFor(file: string | undefined): ActivePolicy | undefined {
  if (file === undefined) return starter();
  const loaded = loadPolicyFile(file);
  if (loaded.ok) return loaded;
  for (const line of faultLines(file, loaded.faults)) errorLine(line);
  return undefined;
}

function ignore(): void {
  // Nothing is logged or counted where there is no service.
}
