import type { Part } from "../../../src/core/part.ts";
import type { DetectorDefinition } from "../../../src/core/policy.ts";

export const key = new Uint8Array(32).fill(7);

export function bodyPart(text: string, change: Partial<Part> = {}): Part {
  return { path: "body", origin: "body", text, layout: "prose", mediaType: "text/plain", ...change };
}

export function definition(change: Partial<DetectorDefinition> & { readonly id: string }): DetectorDefinition {
  return { description: "", exclude: [], mask: "keep-last-4", text: "normalised", ...change };
}
