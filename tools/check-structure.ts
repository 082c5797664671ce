import { readSources, structureFaults } from "./structure.ts";

const faults = structureFaults(readSources("."));
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
