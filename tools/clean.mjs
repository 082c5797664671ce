// Removes folders of earlier builds: what was renamed in the sources must not live on in them.
import { rmSync } from "node:fs";

for (const name of process.argv.slice(2))
  rmSync(new URL(`../${name}`, import.meta.url), { recursive: true, force: true });
