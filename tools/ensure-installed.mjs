// Runs before `npm start` and `npm test`: installs the packages when they are missing or older than the lock file.
// Plain JavaScript without imports from packages, because nothing may be there yet.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";

const changed = (path) => {
  try {
    return statSync(new URL(`../${path}`, import.meta.url)).mtimeMs;
  } catch {
    return undefined;
  }
};

const installed = changed("node_modules/.package-lock.json");
const locked = changed("package-lock.json");
if (installed === undefined || (locked !== undefined && locked > installed)) {
  process.stderr.write("installing packages (npm ci) ...\n");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: new URL("..", import.meta.url),
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
}
