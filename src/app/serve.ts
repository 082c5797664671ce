import { readConfig } from "./config.ts";
import { type Role, serviceLogger, startService } from "./service.ts";

/** Runs the service until it is told to stop. Returns the exit status. */
export async function serve(role: Role): Promise<number> {
  const config = readConfig(process.env, process.cwd());
  const logger = serviceLogger(config, role);
  const service = await startService(config, role, logger);
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
