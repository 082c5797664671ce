import { z } from "zod";
import type { TenantCheck } from "../../src/core/tenant.ts";

/** What the rights of a token say beside whether the calls work. */
export interface RightsNotes {
  /** About the check of the token: rights that nothing needs. */
  readonly token: string | undefined;
  /** About the check of reading: whose mailboxes are open. */
  readonly reading: string;
}

const claims = z.object({ roles: z.array(z.string()).default([]) });

/**
 * Reads the application permissions out of an access token, for people to see and nothing else: Graph's tokens are
 * opaque by contract, and rights that Exchange grants (RBAC for Applications) are not in them. Both kinds add up, so one
 * permission for mail in Entra opens every mailbox, whatever scope the Exchange roles have.
 * @returns undefined for a token that cannot be read
 */
export function noteRights(token: string, needed: readonly string[]): RightsNotes | undefined {
  const roles = rolesOf(token);
  if (roles === undefined) return undefined;
  const surplus = roles.filter((role) => !needed.includes(role) && !isLesser(role));
  const isOpen = roles.some((role) => /^Mail\./.test(role) && role !== "Mail.Send");
  return {
    token: surplus.length === 0 ? undefined : `more than the tenant's settings need: ${surplus.join(", ")}`,
    reading: isOpen
      ? "granted in Entra: every mailbox is open, a scope of Exchange roles has no effect beside it"
      : "granted by Exchange roles (RBAC for Applications): the mailboxes of their scope",
  };
}

/** Adds the notes to the checks that they are about, where those went well. */
export function withNotes(checks: readonly TenantCheck[], notes: RightsNotes | undefined): readonly TenantCheck[] {
  const texts: Readonly<Record<string, string | undefined>> = { token: notes?.token, "read-message": notes?.reading };
  return checks.map((check) => {
    const note = check.ok ? texts[check.name] : undefined;
    return note === undefined ? check : { ...check, note };
  });
}

/** Optional rights of reading, which docs/connect-microsoft365.md names. */
function isLesser(role: string): boolean {
  return ["ExchangeMessageTrace.Read.All", "Organization.Read.All", "User.ReadBasic.All"].includes(role);
}

function rolesOf(token: string): readonly string[] | undefined {
  try {
    const [, payload = ""] = token.split(".");
    return claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8"))).roles;
  } catch {
    return undefined;
  }
}
