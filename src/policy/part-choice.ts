import type { AttachmentFact, PartOrigin } from "../core/part.ts";
import type { PartCondition } from "../core/policy.ts";
import { fitsWildcard } from "./wildcard.ts";

/** Which parts of one message a rule looks at. */
export interface PartChoice {
  includes(path: string): boolean;
  readonly attachments: readonly AttachmentFact[];
  /** Equal for equal choices, so that counts can be shared between rules. */
  readonly key: string;
}

/** Prepares a rule's part condition for a message. */
export function partChoice(
  condition: PartCondition,
  message: { readonly attachments: readonly AttachmentFact[]; readonly partOrigins: ReadonlyMap<string, PartOrigin> },
): PartChoice {
  const { origins, attachments: globs } = condition;
  const chosen = globs.length === 0 ? message.attachments : message.attachments.filter((fact) => fitsAny(globs, fact));
  const roots = chosen.map((fact) => fact.path);
  const includes = (path: string): boolean => {
    const origin = originOf(path, message.partOrigins);
    // A problem of the message as a whole has no place; it concerns every rule.
    if (origin === undefined) return true;
    if (!origins.includes(origin)) return false;
    return globs.length === 0 || !path.startsWith("attachment:") || roots.some((root) => contains(root, path));
  };
  return { includes, attachments: chosen, key: `${origins.join()}|${globs.join("\u0000")}` };
}

/** What stands in an attachment is attachment text, also the subject and the body of an attached message. */
function originOf(path: string, origins: ReadonlyMap<string, PartOrigin>): PartOrigin | undefined {
  const known = origins.get(path);
  if (path.startsWith("attachment:")) return known === "ocr" || known === "metadata" ? known : "attachment";
  if (known !== undefined) return known;
  if (path.startsWith("header:")) return "header";
  return path === "subject" || path === "body" ? path : undefined;
}

function contains(root: string, path: string): boolean {
  return path === root || path.startsWith(`${root}!`);
}

/** A glob with a slash is a media type, any other a file name. */
function fitsAny(globs: readonly string[], fact: AttachmentFact): boolean {
  return globs.some((glob) => fitsWildcard(glob, glob.includes("/") ? fact.mediaType : fact.name));
}
