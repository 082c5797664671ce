// After `npm ci`: puts the command where npx looks first, so that `npx postern` in a checkout starts at once instead of
// packing and installing the checkout into npx's own cache.
import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";

const command = new URL("../node_modules/.bin/postern", import.meta.url);
mkdirSync(new URL(".", command), { recursive: true });
rmSync(command, { force: true });
symlinkSync("../../dist/src/main.js", command);
chmodSync(new URL("../dist/src/main.js", import.meta.url), 0o755);
