import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";

/** What each room may import besides itself and `core`. Imports go down, never sideways; only `app` names an adapter. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  "src/core": [],
  "src/extract": [],
  "src/detect": [],
  "src/policy": [],
  "src/store": [],
  "src/queue": [],
  "src/vault": [],
  "src/pipeline": ["src/extract", "src/detect", "src/policy"],
  "src/intake": ["src/pipeline"],
  "src/quarantine": ["src/pipeline", "src/policy"],
  "src/notify": ["src/pipeline"],
  "src/export": [],
  "src/http": ["src/pipeline", "src/intake", "src/quarantine", "src/policy", "src/export"],
  "src/cli": ["src/pipeline", "src/policy", "src/export"],
  "connectors/microsoft365": ["connectors/own-mail"],
  "connectors/google-workspace": ["connectors/own-mail"],
  "connectors/files": [],
  "connectors/destinations": [],
  "connectors/smtp": ["connectors/own-mail"],
  "connectors/own-mail": [],
  "connectors/sandbox": [],
};
/** May import everything; nothing but `main` imports it. */
const TOP = "src/app";

/** Packages that one room hides from the others. */
const OWNERS: Readonly<Record<string, string>> = {
  re2: "src/detect",
  bullmq: "src/queue",
  ioredis: "src/queue",
  pg: "src/store",
  kysely: "src/store",
  "@electric-sql/pglite": "src/store",
  "@microsoft/microsoft-graph-client": "connectors/microsoft365",
  "@azure/msal-node": "connectors/microsoft365",
  googleapis: "connectors/google-workspace",
  fastify: "src/http",
};

/** Bytes. Small enough to hold in the head. */
const SIZE = { largest: 12_000, ninetieth: 8_000, median: 2_500 } as const;

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every fault of a tree against the architecture; empty when it stands as drawn. */
export function structureFaults(files: readonly SourceFile[]): string[] {
  return [...files.flatMap(importFaults), ...sizeFaults(files)];
}

function importFaults(file: SourceFile): string[] {
  const room = roomOf(file.path);
  if (room === undefined) return file.path === "src/main.ts" ? [] : [`${file.path}: belongs to no room`];
  return [...file.text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*["']([^"']+)["']/g)].flatMap(([, specifier = ""]) => {
    const reason = specifier.startsWith(".")
      ? wrongRoom(file.path, room, specifier)
      : wrongPackage(file.path, room, specifier);
    return reason === undefined ? [] : [`${file.path}: ${reason}`];
  });
}

function wrongRoom(path: string, room: string, specifier: string): string | undefined {
  const target = roomOf(relative(".", resolve(path, "..", specifier)));
  if (target === undefined) return `imports ${specifier}, which is in no room`;
  if (room === TOP || target === room || (target === "src/core" && room !== "connectors/sandbox")) return undefined;
  if (target === "src/core" || ROOMS[room]?.includes(target)) return undefined;
  return `${room} may not import ${target}`;
}

function wrongPackage(path: string, room: string, specifier: string): string | undefined {
  if (room === "src/core") return `core imports nothing, not even ${specifier}`;
  const name = specifier.startsWith("@")
    ? specifier.split("/").slice(0, 2).join("/")
    : (specifier.split("/")[0] ?? specifier);
  const owner = OWNERS[name];
  if (owner === undefined || owner === room) return undefined;
  if (room === TOP || (room === "connectors/sandbox" && name === "fastify")) {
    // Types of what it hands on; the composition opens no client of its own.
    return name === "fastify" ? undefined : `${path} names ${name}, which only ${owner} may`;
  }
  return `only ${owner} may import ${name}`;
}

function roomOf(path: string): string | undefined {
  const room = path.split("/").slice(0, 2).join("/");
  return room === TOP || room in ROOMS ? room : undefined;
}

function sizeFaults(files: readonly SourceFile[]): string[] {
  const sizes = files
    .map((file) => ({ path: file.path, bytes: Buffer.byteLength(file.text) }))
    .sort((a, b) => a.bytes - b.bytes);
  const at = (share: number): number => sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * share))]?.bytes ?? 0;
  return [
    ...sizes
      .filter(({ bytes }) => bytes > SIZE.largest)
      .map(({ path, bytes }) => `${path}: ${bytes} bytes, at most ${SIZE.largest}`),
    ...(at(0.9) > SIZE.ninetieth ? [`a tenth of the files is larger than ${SIZE.ninetieth} bytes`] : []),
    ...(at(0.5) > SIZE.median ? [`half of the files is larger than ${SIZE.median} bytes`] : []),
  ];
}

/** The product's own sources. */
export function readSources(root: string): SourceFile[] {
  return ["src", "connectors"]
    .flatMap((folder) => walk(join(root, folder)))
    .map((path) => ({
      path: relative(root, path).replaceAll("\\", "/"),
      text: readFileSync(path, "utf8"),
    }));
}

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return walk(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}
