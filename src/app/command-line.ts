import type { Config } from "./config.ts";

/** Results. */
export function outputLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Everything that is no result. */
export function errorLine(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Where the running service is found. */
export function apiAddress(config: Config): string {
  return config.POSTERN_URL ?? `http://${config.HOST}:${config.PORT}`;
}
