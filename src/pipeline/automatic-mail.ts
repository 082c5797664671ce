import type { MessageHead } from "../core/message.ts";

/**
 * Mail that a machine sent by itself: an auto-reply, a bounce, a list's mail. Nothing is answered to it, or two
 * machines could write to each other for ever (RFC 3834). It is scanned and acted on like any other, since its sender
 * chooses these headers.
 */
export function isAutomatic(head: MessageHead | null): boolean {
  const value = (name: string): string =>
    head?.headers
      .find(([header]) => header === name)?.[1]
      .trim()
      .toLowerCase() ?? "";
  const submitted = value("auto-submitted");
  if (submitted !== "" && !/^no\b/.test(submitted)) return true;
  // Bounces: RFC 3464 reports, and the empty return path of RFC 5321, 4.5.5.
  if (/^multipart\/report\b/.test(value("content-type")) || value("return-path") === "<>") return true;
  if (["bulk", "junk", "list", "auto_reply"].includes(value("precedence"))) return true;
  return value("x-autoreply") !== "" || value("x-autorespond") !== "" || value("x-auto-reply") !== "";
}
