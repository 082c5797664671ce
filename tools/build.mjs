// Builds into dist/ when a source is newer than the last build. `npm ci`, `npm start` and the first `npx postern` of a
// checkout all come here; what is up to date is left alone, because a service may be running from it.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const stamp = `${root}dist/.built`;

if (
  newest(["src", "connectors", "package.json", "tsconfig.json", "tsconfig.build.json", "tools/build.mjs"]) >
  timeOf(stamp)
) {
  // What was renamed in the sources must not live on in the build.
  rmSync(`${root}dist`, { recursive: true, force: true });
  run(`${root}node_modules/typescript/bin/tsc`, "-p", "tsconfig.build.json");
  run(`${root}tools/write-template.mjs`);
  writeFileSync(stamp, "");
}

function newest(paths) {
  return Math.max(...paths.map((path) => newestBelow(`${root}${path}`)));
}

function newestBelow(path) {
  if (!statSync(path).isDirectory()) return timeOf(path);
  return Math.max(timeOf(path), ...readdirSync(path).map((name) => newestBelow(`${path}/${name}`)));
}

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function run(...command) {
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
