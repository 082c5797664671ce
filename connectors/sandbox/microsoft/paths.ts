/**
 * Splits a Graph path into segments, the spellings made one: `users('x')` is `users/x`, `delta()` is `delta`,
 * `microsoft.graph.move` is `move`.
 */
export function segmentsOf(path: string): readonly string[] {
  return path
    .split("/")
    .filter(Boolean)
    .flatMap((raw) => {
      const segment = decodePath(raw).replace(/^microsoft\.graph\./, "");
      const [, name, key] = /^([A-Za-z]+)\((.*)\)$/.exec(segment) ?? [];
      if (name === undefined || key === undefined) return [segment];
      return key === "" ? [name] : [name, key.replace(/^'|'$/g, "").replaceAll("''", "'")];
    });
}

/** Undoes percent-encoding; text that is wrongly encoded stays as it is. */
export function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Matches segments against a route's path; parameter names start with a colon, fixed segments match in any case. */
export function matchPath(pattern: string, segments: readonly string[]): Record<string, string> | undefined {
  const parts = pattern.split("/");
  if (parts.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = segment;
    else if (part.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return params;
}
