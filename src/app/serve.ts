import { PosternError } from "../core/errors.ts";
import { type Config, readConfig } from "./config.ts";
import { type Role, serviceLogger, startService } from "./service.ts";

/** Runs the service until it is told to stop. Returns the exit status. */
export async function serve(role: Role): Promise<number> {
  const config = readConfig(process.env, process.cwd());
  const logger = serviceLogger(config, role);
  const service = await startService(config, role, logger).catch((error: unknown) => {
    throw asStartFault(error, config);
  });
  if (service.url !== undefined) {
    process.stderr.write(`postern listens on ${service.url}\n`);
    // Embedded mode has no identity provider: whoever starts it signs in with this link, once.
    if (config.DATABASE_URL === undefined) process.stderr.write(`sign in to the console: ${service.signInLink()}\n`);
  }
  const signal = await untilStopped();
  logger.info({ signal }, "stopping");
  await service.stop();
  return 0;
}

/** An address that cannot be had is the administrator's to mend, and gets a sentence instead of a stack. */
function asStartFault(error: unknown, config: Config): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "EADDRINUSE" && code !== "EACCES" && code !== "EADDRNOTAVAIL") return error;
  const reason = code === "EADDRINUSE" ? "is taken by another program" : "may not be used here";
  return new PosternError("CONFIG_INVALID", `HOST, PORT: ${config.HOST}:${config.PORT} ${reason}`);
}

/** Resolves with the first of SIGINT and SIGTERM; a second one ends the process at once. */
export function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) {
      process.once(name, () => {
        process.once(name, () => process.exit(130));
        resolve(name);
      });
    }
  });
}
