import { dirname, resolve } from "node:path";
import { inlineDictionaries } from "../policy/inline-dictionaries.ts";
import { type LoadedPolicy, loadPolicy } from "../policy/load.ts";
import { VOCABULARY } from "./policies.ts";
import { readText } from "./read-text.ts";

export interface PolicyText {
  readonly source: string;
  readonly format: "yaml" | "json";
}

/**
 * The text of a policy file; JSON when its name or its first character says so.
 * @throws PosternError REQUEST_INVALID when it cannot be read.
 */
export function readPolicyFile(file: string): PolicyText {
  const source = readText(file);
  return { source, format: file.endsWith(".json") || source.trimStart().startsWith("{") ? "json" : "yaml" };
}

/** The text of a policy file with its dictionaries taken in, as the service, which sees no files, needs it. */
export function selfContainedPolicy(file: string): PolicyText {
  const { source, format } = readPolicyFile(file);
  return { source: inlineDictionaries(source, format, (path) => entries(resolve(dirname(file), path))), format };
}

/** Loads a policy file with the dictionaries that it names, which stand relative to it. */
export function loadPolicyFile(file: string): LoadedPolicy {
  const { source, format } = readPolicyFile(file);
  return loadPolicy(source, format, { ...VOCABULARY, readFile: (path) => entries(resolve(dirname(file), path)) });
}

/** One word or phrase a line; empty lines and lines that begin with # are left out. */
function entries(path: string): readonly string[] | undefined {
  try {
    return readText(path)
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#"));
  } catch {
    return undefined;
  }
}
