import { isMap, isSeq, parseDocument } from "yaml";
import { excessOf } from "./source-limits.ts";

/**
 * The same policy with the entries of its dictionary files as `words`, for sending it where those files are not.
 * Comments of a YAML document stay. A text without dictionaries, or one that cannot be read, comes back as it is:
 * `loadPolicy` says what is wrong with it.
 */
export function inlineDictionaries(
  source: string,
  format: "yaml" | "json",
  readFile: (path: string) => readonly string[] | undefined,
): string {
  if (excessOf(source) !== undefined) return source;
  const document = parseDocument(source, { prettyErrors: false, uniqueKeys: false });
  const detectors = document.errors.length === 0 && isMap(document.contents) ? document.get("detectors") : undefined;
  if (!isSeq(detectors)) return source;
  let found = false;
  for (const detector of detectors.items) {
    if (!isMap(detector)) continue;
    const path = detector.get("dictionary");
    const entries = typeof path === "string" ? readFile(path) : undefined;
    if (entries === undefined) continue;
    detector.delete("dictionary");
    detector.set("words", document.createNode([...entries]));
    found = true;
  }
  if (!found) return source;
  return format === "json" ? `${JSON.stringify(document.toJS(), null, 2)}\n` : document.toString({ lineWidth: 0 });
}
