import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** This folder as it was built, seen from the built module and from the source. */
const PLACES = [".", "../../dist/src/store"];

/**
 * Path of something that only the build has: threads get no TypeScript loader, and the prepared cluster is made there.
 * @throws Error when the checkout was never built.
 */
export function inBuild(name: string): string {
  const paths = PLACES.map((place) => fileURLToPath(new URL(`${place}/${name}`, import.meta.url)));
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`There is no ${name}: run "npm run build" first`);
  return path;
}
