import { existsSync } from "node:fs";
import { faultLines } from "../cli/policy.ts";
import { PosternError } from "../core/errors.ts";
import { type PolicyFault, readSource, type Source } from "../policy/source.ts";
import { readText } from "./read-text.ts";

/**
 * Settings of `postern.yaml` as texts, as the environment has them; none when there is no such file.
 * @throws PosternError CONFIG_INVALID that lists every fault with its place.
 */
export function readSettingsFile(path: string, known: ReadonlySet<string>): Readonly<Record<string, string>> {
  if (!existsSync(path)) return {};
  const source = readSource(textOf(path), "yaml");
  const document = source.value ?? {};
  const faults = source.faults.length > 0 ? source.faults : faultsOf(document, known, source);
  if (faults.length > 0) throw new PosternError("CONFIG_INVALID", faultLines(path, faults).join("\n"));
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, String(value)]));
}

function textOf(path: string): string {
  try {
    return readText(path);
  } catch (error) {
    throw new PosternError("CONFIG_INVALID", error instanceof PosternError ? error.message : path, { cause: error });
  }
}

function faultsOf(document: unknown, known: ReadonlySet<string>, source: Source): readonly PolicyFault[] {
  if (typeof document !== "object" || document === null || Array.isArray(document))
    return [{ ...source.place([]), path: "", reason: "expected lines of NAME: value" }];
  return Object.entries(document).flatMap(([name, value]) => {
    if (!known.has(name)) return [{ ...source.placeOfKey([], name), path: name, reason: `unknown setting ${name}` }];
    if (typeof value !== "object") return [];
    const found = value === null ? "nothing" : Array.isArray(value) ? "a list" : "a map";
    const reason = `${name}: expected a text, a number, true or false, found ${found}`;
    return [{ ...source.place([name]), path: name, reason }];
  });
}
