import { join } from "node:path";
import { z } from "zod";
import { PosternError } from "../core/errors.ts";
import { readSettingsFile } from "./config-file.ts";
import { address, oneOf, serverAddress, setting, someText, wholeNumber } from "./config-values.ts";

/** A hundred years. */
const MOST_OFFSET_MS = 3_155_760_000_000;

/** Every setting of the service. Each can also stand in `postern.yaml` under the same name; the environment wins. */
const environment = z.object({
  DATABASE_URL: serverAddress("postgres", "postgresql").optional(),
  REDIS_URL: serverAddress("redis", "rediss").optional(),
  POSTERN_DATA_DIR: someText("the path of a folder").default(".postern"),
  HOST: someText("a host name or an address").default("127.0.0.1"),
  PORT: wholeNumber(0, 65_535).default(8025),
  POSTERN_PUBLIC_URL: address().optional(),
  POSTERN_SECRET: setting("32 bytes in base64", key, { secret: true }).optional(),
  POSTERN_ADMIN_TOKEN: someText("a token", { secret: true }).optional(),
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
  POSTERN_NOTICES_DIR: someText("the path of a folder").optional(),
  /** Mail server that sends the notices, instead of the tenant's provider. */
  POSTERN_SMTP_URL: setting("an address such as smtps://user:password@mail.example", mailServer, {
    secret: true,
  }).optional(),
  /** Address that notices come from when the mail server sends them. */
  POSTERN_SMTP_FROM: setting("a mail address", mailAddress).optional(),
  /** Every mailbox is read from its cursor this often, notifications or not. */
  POSTERN_CATCH_UP_SECONDS: wholeNumber(1, 86_400).default(60),
  /** Past messages that a process begins in a second when no live mail waits, at most. */
  POSTERN_BACKFILL_PER_SECOND: wholeNumber(1, 1_000).default(10),
  /** How long a process may be silent before its work is given to another: so long work stands still after a crash. */
  POSTERN_LEASE_SECONDS: wholeNumber(5, 600).default(30),
  /** Child processes that read content; 0 = one a core. */
  POSTERN_CHILDREN: wholeNumber(0, 256).default(0),
  /** Export destinations may have private and loopback addresses, any port, and plain http on loopback. */
  POSTERN_EXPORT_ALLOW_PRIVATE: oneOf(["true", "false"])
    .transform((text) => text === "true")
    .default(false),
  /** Ports that export destinations may have besides 443, 6514, 8088, 9200 and 9243; with commas between. */
  POSTERN_EXPORT_PORTS: setting("numbers of ports with commas between", ports).default([]),
  /** Folder below which `file:` destinations write; `exports` in the data folder when absent. */
  POSTERN_EXPORT_DIR: someText("the path of a folder").optional(),
  /** How long events are kept. */
  POSTERN_EVENT_DAYS: wholeNumber(1, 36_500).default(400),
  /** Public key (PEM or JWK) that found values are sealed to in events; none are in events without it. */
  POSTERN_EVIDENCE_KEY_FILE: someText("the path of a file").optional(),
  /** PEM file with certificates to trust for export besides the system's. */
  POSTERN_EXPORT_CA_FILE: someText("the path of a file").optional(),
  /** Tesseract's codes, joined by commas; each needs its package `@tesseract.js-data/<code>`. */
  POSTERN_OCR_LANGUAGES: setting("codes of languages such as eng,deu", languages).default(["eng"]),
  POSTERN_TEST_CLOCK_OFFSET_MS: wholeNumber(-MOST_OFFSET_MS, MOST_OFFSET_MS).default(0),
  LOG_LEVEL: oneOf(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
});

/** Names of all settings. */
export const SETTING_NAMES: readonly string[] = Object.keys(environment.shape);

export type Config = z.output<typeof environment>;

function key(text: string): string | undefined {
  return /^[A-Za-z0-9+/]{43}=$/.test(text) ? text : undefined;
}

function mailServer(text: string): string | undefined {
  return /^smtps?:\/\//.test(text) && URL.canParse(text) && new URL(text).hostname !== "" ? text : undefined;
}

function mailAddress(text: string): string | undefined {
  return /^[^\s@<>,;]+@[^\s@<>,;]+$/.test(text) ? text.toLowerCase() : undefined;
}

function ports(text: string): readonly number[] | undefined {
  const numbers = text.split(",").map((port) => (/^\s*\d{1,5}\s*$/.test(port) ? Number(port) : Number.NaN));
  return numbers.every((port) => port >= 1 && port <= 65_535) ? numbers : undefined;
}

function languages(text: string): string[] | undefined {
  const codes = text.split(",").map((code) => code.trim());
  return codes.every((code) => /^[a-z_]{3,20}$/.test(code)) ? codes : undefined;
}

/**
 * Reads environment and `postern.yaml` once.
 * @throws PosternError CONFIG_INVALID that lists every fault.
 */
export function readConfig(env: NodeJS.ProcessEnv, directory: string): Config {
  const known = new Set(SETTING_NAMES);
  const fromEnvironment = filledIn(env, known);
  const fromFile = readSettingsFile(join(directory, "postern.yaml"), known);
  const parsed = environment.safeParse({ ...fromFile, ...fromEnvironment });
  const faults = parsed.success ? [] : faultsOf(parsed.error);
  if (parsed.success && parsed.data.REDIS_URL !== undefined && parsed.data.DATABASE_URL === undefined)
    faults.push("REDIS_URL: needs DATABASE_URL too; the embedded database is for one process");
  if (parsed.success && parsed.data.DATABASE_URL !== undefined && parsed.data.POSTERN_SECRET === undefined)
    faults.push("POSTERN_SECRET: is required with DATABASE_URL (32 bytes in base64, the same in every process)");
  if (parsed.success && (parsed.data.POSTERN_SMTP_URL === undefined) !== (parsed.data.POSTERN_SMTP_FROM === undefined))
    faults.push("POSTERN_SMTP_URL: needs POSTERN_SMTP_FROM beside it, and the other way round");
  if (!parsed.success || faults.length > 0)
    throw new PosternError("CONFIG_INVALID", `the configuration has faults:\n  ${faults.join("\n  ")}`);
  return parsed.data;
}

/** What `postern scan` reads of the environment; faults of other settings are none of its business. */
export function readScanConfig(env: NodeJS.ProcessEnv): Pick<Config, "POSTERN_CHILDREN" | "POSTERN_OCR_LANGUAGES"> {
  const wanted = environment.pick({ POSTERN_CHILDREN: true, POSTERN_OCR_LANGUAGES: true });
  const parsed = wanted.safeParse(filledIn(env, new Set(Object.keys(wanted.shape))));
  if (parsed.success) return parsed.data;
  throw new PosternError("CONFIG_INVALID", faultsOf(parsed.error).join("\n"));
}

/** The wanted settings that have a value: an empty variable is one that is not set. */
function filledIn(env: NodeJS.ProcessEnv, wanted: ReadonlySet<string>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => wanted.has(name) && value !== ""));
}

/** Each begins with the setting's name; the words are those of its reader. */
function faultsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}
