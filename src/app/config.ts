import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { PosternError } from "../core/errors.ts";

/** Every setting of the service. Each can also stand in `postern.yaml` under the same name; the environment wins. */
const environment = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres://")
    .optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, "must begin with redis://")
    .optional(),
  POSTERN_DATA_DIR: z.string().min(1).default(".postern"),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8025),
  POSTERN_PUBLIC_URL: address().optional(),
  POSTERN_SECRET: z
    .base64()
    .refine((text) => Buffer.from(text, "base64").length === 32, "must be 32 bytes in base64")
    .optional(),
  POSTERN_ADMIN_TOKEN: z.string().min(1).optional(),
  POSTERN_URL: address().optional(),
  POSTERN_GRAPH_URL: address().optional(),
  POSTERN_LOGIN_URL: address().optional(),
  POSTERN_GMAIL_URL: address().optional(),
  POSTERN_GOOGLE_TOKEN_URL: address().optional(),
  POSTERN_GOOGLE_ADMIN_URL: address().optional(),
  POSTERN_GOOGLE_PUBSUB_URL: address().optional(),
  POSTERN_GOOGLE_CERTS_URL: address().optional(),
  POSTERN_GOOGLE_IAM_URL: address().optional(),
  /** Folder with the administrator's own notice templates (docs/notices.md). */
  POSTERN_NOTICES_DIR: z.string().min(1).optional(),
  /** Every mailbox is read from its cursor this often, notifications or not. */
  POSTERN_CATCH_UP_SECONDS: z.coerce.number().int().min(1).max(86_400).default(60),
  /** Child processes that read content; 0 = one a core. */
  POSTERN_CHILDREN: z.coerce.number().int().min(0).max(256).default(0),
  /** Export destinations may have private and loopback addresses, any port, and plain http on loopback. */
  POSTERN_EXPORT_ALLOW_PRIVATE: z
    .enum(["true", "false"])
    .default("false")
    .transform((text) => text === "true"),
  /** Ports that export destinations may have besides 443, 6514, 8088, 9200 and 9243; with commas between. */
  POSTERN_EXPORT_PORTS: z
    .string()
    .regex(/^\d{1,5}(,\d{1,5})*$/, "must be numbers with commas between")
    .optional()
    .transform((text) => text?.split(",").map(Number) ?? []),
  /** Folder below which `file:` destinations write; `exports` in the data folder when absent. */
  POSTERN_EXPORT_DIR: z.string().min(1).optional(),
  /** PEM file with certificates to trust for export besides the system's. */
  POSTERN_EXPORT_CA_FILE: z.string().min(1).optional(),
  /** Tesseract's codes, joined by commas; each needs its package `@tesseract.js-data/<code>`. */
  POSTERN_OCR_LANGUAGES: z
    .string()
    .default("eng")
    .transform((text) => text.split(",").map((code) => code.trim()))
    .pipe(z.array(z.string().regex(/^[a-z_]{3,20}$/, "must be codes like eng,deu")).min(1)),
  POSTERN_TEST_CLOCK_OFFSET_MS: z.coerce.number().int().default(0),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
});

/** Names of all settings. */
export const SETTING_NAMES: readonly string[] = Object.keys(environment.shape);

export type Config = z.output<typeof environment>;

/** An address that content or tokens go to: https, or anything on this machine. A trailing slash is cut off. */
function address() {
  return z
    .url()
    .refine(isAllowed, "must be https (plain http is for loopback addresses only)")
    .transform((url) => url.replace(/\/+$/, ""));
}

function isAllowed(url: string): boolean {
  // What is no address at all has its own fault already.
  if (!URL.canParse(url)) return true;
  const { protocol, hostname } = new URL(url);
  if (protocol === "https:") return true;
  return (
    protocol === "http:" && (hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname))
  );
}

/**
 * Reads environment and `postern.yaml` once.
 * @throws PosternError CONFIG_INVALID that lists every fault.
 */
export function readConfig(env: NodeJS.ProcessEnv, directory: string): Config {
  const known = new Set(Object.keys(environment.shape));
  const fromEnvironment = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => known.has(name) && value !== ""),
  );
  const fromFile = readFile(join(directory, "postern.yaml"), known);
  const parsed = environment.safeParse({ ...fromFile, ...fromEnvironment });
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  if (parsed.success && parsed.data.REDIS_URL !== undefined && parsed.data.DATABASE_URL === undefined)
    faults.push("REDIS_URL: needs DATABASE_URL too; the embedded database is for one process");
  if (parsed.success && parsed.data.DATABASE_URL !== undefined && parsed.data.POSTERN_SECRET === undefined)
    faults.push("POSTERN_SECRET: is required with DATABASE_URL (32 bytes in base64, the same in every process)");
  if (!parsed.success || faults.length > 0)
    throw new PosternError("CONFIG_INVALID", `the configuration has faults:\n  ${faults.join("\n  ")}`);
  return parsed.data;
}

/** What `postern scan` reads of the environment; faults of other settings are none of its business. */
export function readScanConfig(env: NodeJS.ProcessEnv): Pick<Config, "POSTERN_CHILDREN" | "POSTERN_OCR_LANGUAGES"> {
  const parsed = environment.pick({ POSTERN_CHILDREN: true, POSTERN_OCR_LANGUAGES: true }).safeParse(env);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new PosternError("CONFIG_INVALID", faults.join("\n"));
}

function readFile(path: string, known: ReadonlySet<string>): Record<string, unknown> {
  if (!existsSync(path)) return {};
  const document: unknown = parse(readFileSync(path, "utf8"));
  if (document === null || document === undefined) return {};
  if (typeof document !== "object" || Array.isArray(document))
    throw new PosternError("CONFIG_INVALID", "postern.yaml must be a list of NAME: value");
  const strange = Object.keys(document).filter((name) => !known.has(name));
  if (strange.length > 0)
    throw new PosternError("CONFIG_INVALID", `postern.yaml: unknown setting ${strange.join(", ")}`);
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, String(value)]));
}
