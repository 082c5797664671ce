// Builds dist/ when a source is newer than the last build. `npm ci`, `npm start` and the first `npx postern` of a
// checkout all come here. The new build takes the old one's place whole: a service may be running from it.
import { spawnSync } from "node:child_process";
import { readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const dist = `${root}dist`;
const draft = `${dist}.${process.pid}`;
const sources = ["src", "connectors", "package.json", "tsconfig.json", "tsconfig.build.json", "tools/build.mjs"];

if (newest(sources) > timeOf(`${dist}/.built`)) {
  const begun = new Date();
  try {
    run(`${root}node_modules/typescript/bin/tsc`, "-p", "tsconfig.build.json", "--outDir", draft);
    run(`${root}tools/write-template.mjs`, draft);
    writeFileSync(`${draft}/.built`, "");
    // What was saved while the compiler ran is newer than the build.
    utimesSync(`${draft}/.built`, begun, begun);
    replaceBuild();
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function replaceBuild() {
  const old = `${draft}.old`;
  if (timeOf(dist) > 0) renameSync(dist, old);
  renameSync(draft, dist);
  rmSync(old, { recursive: true, force: true });
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
  if (status !== 0) throw new Error(`${command[0]} ended with ${status}`);
}
