import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isPosternError } from "../../core/errors.ts";
import type { QuarantineStore } from "../../core/store.ts";
import type { QuarantineRouteDependencies } from "../api/quarantine.ts";
import type { DecisionLink, DecisionLinks } from "./decision-links.ts";
import { decisionPage, linkPage } from "./decision-pages.tsx";
import type { Guesses } from "./guesses.ts";
import type { Viewer } from "./layout.tsx";
import { messagePage } from "./pages.tsx";
import { form, html, type SignedIn } from "./signed-in.ts";

export interface DecisionDependencies {
  readonly quarantine: Pick<QuarantineStore, "get" | "list">;
  readonly decide: QuarantineRouteDependencies["decide"];
  readonly decisionLinks: DecisionLinks;
  readonly guesses: Guesses;
}

/**
 * Decisions about held messages: from the list, and from the links of notices. A link by itself does nothing (threat
 * T-26): it leads to a page without content, then to sign-in, then to a form; posting the form decides.
 */
export function registerDecisions(
  server: FastifyInstance,
  { quarantine, decide, decisionLinks, guesses }: DecisionDependencies,
  signedIn: SignedIn,
): void {
  const options = { schema: { hide: true } };

  async function decided(
    viewer: Viewer,
    request: FastifyRequest,
    reply: FastifyReply,
    { item, person }: { readonly item: string; readonly person?: string },
  ): Promise<FastifyReply> {
    const { decision, reason = "" } = form(request);
    if (decision !== "release" && decision !== "delete")
      return html(reply.code(400), messagePage(viewer, "Not done", "Choose to release or to delete."));
    const by = person === undefined ? viewer.who : `${viewer.who}, link of ${person}`;
    const why = { by, reason: reason.trim() === "" ? null : reason.trim(), ...personOf(viewer, person) };
    try {
      await (decision === "release" ? decide.release : decide.remove)(item, why);
    } catch (error) {
      if (!isPosternError(error)) throw error;
      return html(reply.code(error.status), messagePage(viewer, "Not done", error.message));
    }
    return reply.redirect("/#quarantine", 303);
  }

  /** The link of a request; undefined after its refusal was sent, the same for every wrong one. */
  function linkOf(request: FastifyRequest, reply: FastifyReply): DecisionLink | undefined {
    const link = decisionLinks.read((request.params as { readonly token: string }).token);
    if (link) return link;
    const status = guesses.tooMany(request.ip) ? 429 : 404;
    if (status === 429) reply.header("retry-after", "60");
    html(reply.code(status), messagePage(undefined, "Not found", "There is no such link, or it is too old."));
    return undefined;
  }

  server.get("/decisions/:token", options, async (request, reply) =>
    linkOf(request, reply) ? html(reply, linkPage(`${request.url.split("?", 1)[0]}/review`)) : reply,
  );
  server.get(
    "/decisions/:token/review",
    options,
    signedIn(async (viewer, request, reply) => {
      const link = linkOf(request, reply);
      if (!link) return reply;
      if (!isFor(link, viewer)) return html(reply.code(403), messagePage(viewer, "Refused", NOT_YOURS));
      const item = await quarantine.get(link.item);
      if (!item) return html(reply.code(404), messagePage(viewer, "Not found", "There is no such message any more."));
      const { token } = request.params as { readonly token: string };
      return html(reply, decisionPage(viewer, item, `/decisions/${token}`));
    }),
  );
  server.post(
    "/decisions/:token",
    options,
    signedIn(async (viewer, request, reply) => {
      const link = linkOf(request, reply);
      if (!link) return reply;
      if (!isFor(link, viewer)) return html(reply.code(403), messagePage(viewer, "Refused", NOT_YOURS));
      return decided(viewer, request, reply, link);
    }),
  );
  server.post(
    "/quarantine/:id",
    options,
    signedIn((viewer, request, reply) =>
      decided(viewer, request, reply, { item: (request.params as { readonly id: string }).id }),
    ),
  );
}

const NOT_YOURS = "This link was sent to somebody else.";

/** Whoever signs in with a mail address uses his own links only; the administrator of the installation has none. */
function isFor(link: DecisionLink, { who }: Viewer): boolean {
  return !who.includes("@") || who.toLowerCase() === link.person;
}

/** Whose message it must not be. */
function personOf({ who }: Viewer, addressed: string | undefined): { readonly person?: string } {
  if (who.includes("@")) return { person: who };
  return addressed === undefined ? {} : { person: addressed };
}
