import type { SevenZipModuleFactory } from "7z-wasm";
import SevenZip from "7z-wasm";

// The package's types describe an ES module, its file is CommonJS.
const createSevenZip = SevenZip as unknown as SevenZipModuleFactory;

/** Packs files with 7-Zip: for instance `["-t7z", "-ps3cret", "-mhe=on"]`. */
export async function packed(files: Readonly<Record<string, string>>, switches: readonly string[]): Promise<Buffer> {
  const module = await createSevenZip({ print: () => {}, printErr: () => {}, quit: () => {} });
  for (const [name, content] of Object.entries(files)) module.FS.writeFile(name, content);
  module.callMain(["a", ...switches, "/archive", ...Object.keys(files)]);
  const name = module.FS.readdir("/").find((entry) => entry.startsWith("archive"));
  return Buffer.from(module.FS.readFile(`/${name}`));
}
