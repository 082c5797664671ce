import { PosternError } from "../core/errors.ts";

/** SQLSTATE classes that a later attempt may get past: connection, resources (disk full), operator, system, rollback. */
const PASSING_STATES = /^(08|53|57P|58|40)/;
const SOCKET_CODES = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN", "ENOENT"]);
/** node-postgres and PGlite give these no code. */
const SOCKET_MESSAGES = /connection terminated|connection error|timeout|not queryable|pool after calling end|is clos/i;

/** The database does not answer; what was asked may or may not have happened. */
export function unavailable(reason: string): PosternError {
  return new PosternError("STORE_UNAVAILABLE", "The database does not answer", { details: { reason } });
}

/** A bug in a query. Keeps the SQLSTATE and the names, leaves out the values that PostgreSQL prints into its details. */
export class StatementError extends Error {
  readonly code: string;
  readonly table: string;
  readonly constraint: string;

  constructor(facts: { readonly code: string; readonly table: string; readonly constraint: string }) {
    super(`The database refused a statement: SQLSTATE ${facts.code}, table "${facts.table}"`);
    this.name = "StatementError";
    this.code = facts.code;
    this.table = facts.table;
    this.constraint = facts.constraint;
  }
}

/** Turns whatever a driver throws into an error that is safe to log: `PosternError` for outages, else `StatementError`. */
export function storeFailure(error: unknown): Error {
  if (error instanceof PosternError || error instanceof StatementError) return error;
  const code = field(error, "code");
  const message = error instanceof Error ? error.message : "";
  if (PASSING_STATES.test(code) && code.length === 5) return unavailable(code);
  if (SOCKET_CODES.has(code)) return unavailable(code);
  if (code.length !== 5 && SOCKET_MESSAGES.test(message)) return unavailable("connection lost");
  if (code.length !== 5) return error instanceof Error ? error : new Error("The database driver failed");
  return new StatementError({ code, table: field(error, "table"), constraint: field(error, "constraint") });
}

/** True when the error is a broken unique constraint (23505). */
export function isDuplicate(error: unknown): boolean {
  return error instanceof StatementError && error.code === "23505";
}

/** True when a row refers to one that is not there (23503). */
export function isMissingParent(error: unknown): boolean {
  return error instanceof StatementError && error.code === "23503";
}

function field(error: unknown, name: string): string {
  if (typeof error !== "object" || error === null) return "";
  const value = Object.getOwnPropertyDescriptor(error, name)?.value;
  return typeof value === "string" ? value : "";
}
