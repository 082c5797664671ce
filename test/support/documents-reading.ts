import type { Extraction } from "../../src/core/part.ts";
import { type ExtractInput, type ExtractOptions, extract } from "../../src/extract/extract.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/extract/limits.ts";

/** Reads in this process, with the default limits but for those given. */
export function read(
  bytes: Uint8Array | string,
  input: Partial<ExtractInput> & { readonly limits?: Partial<Limits> } & Pick<ExtractOptions, "onUnit" | "ocr"> = {},
): Promise<Extraction> {
  const { limits, onUnit, ocr, ...rest } = input;
  return extract(
    { bytes: typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes, name: null, as: "message", ...rest },
    {
      limits: { ...DEFAULT_LIMITS, ...limits },
      ...(onUnit === undefined ? {} : { onUnit }),
      ...(ocr === undefined ? {} : { ocr }),
    },
    new AbortController().signal,
  );
}

/** Text of all parts of a path, joined. */
export function textAt(extraction: Extraction, path: string): string {
  return extraction.parts
    .filter((part) => part.path === path && part.origin !== "metadata")
    .map((part) => part.text)
    .join("\n");
}

/** `path: code` of each problem. */
export function problems(extraction: Extraction): string[] {
  return extraction.problems.map((problem) => `${problem.part}: ${problem.code}`);
}
