import { readFileSync } from "node:fs";

/** From package.json, which stands two folders up in the source tree and three in the built one. */
export const VERSION: string = readVersion();

function readVersion(): string {
  for (const up of ["../../package.json", "../../../package.json"]) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(up, import.meta.url), "utf8")) as {
        name: string;
        version: string;
      };
      if (name === "postern") return version;
    } catch {
      // The other place, then.
    }
  }
  return "unknown";
}
