import type { FastifyReply, FastifyRequest } from "fastify";
import { sameText } from "../auth.ts";
import type { Viewer } from "./layout.tsx";
import { messagePage } from "./pages.tsx";
import type { Sessions } from "./sessions.ts";

type Work = (viewer: Viewer, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
export type SignedIn = (work: Work) => (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Pages that may be gone on to after signing in: nothing that leads elsewhere. */
const NEXT = /^\/(?:exports(?:\/[\w-]{1,200})?|incidents\/[\w%.-]{1,500}|decisions\/[\w.-]{1,1000}\/review)$/;

/** Makes handlers run for somebody who is signed in, and from the console's own forms; sends others to sign in. */
export function openSignedIn(sessions: Sessions, cookieName: string): SignedIn {
  return (work) => async (request, reply) => {
    const viewer = sessions.find(request.cookies[cookieName]);
    if (!viewer)
      return request.method === "GET"
        ? reply.redirect(`/sign-in${nextQuery(request.url)}`, 303)
        : html(reply.code(403), messagePage(undefined, "Signed out", "Sign in again."));
    if (request.method !== "GET" && !isOwnForm(request, viewer))
      return html(reply.code(403), messagePage(viewer, "Refused", "This form did not come from the console."));
    return work(viewer, request, reply);
  };
}

/** A page of the console that may come after signing in; undefined for anything else. */
export function nextPage(text: unknown): string | undefined {
  return typeof text === "string" && NEXT.test(text) ? text : undefined;
}

export function html(reply: FastifyReply, body: string): FastifyReply {
  return reply.type("text/html; charset=utf-8").send(body);
}

export function form(request: FastifyRequest): Readonly<Record<string, string | undefined>> {
  return (request.body ?? {}) as Readonly<Record<string, string | undefined>>;
}

function nextQuery(url: string): string {
  const next = nextPage(url);
  return next === undefined ? "" : `?next=${encodeURIComponent(next)}`;
}

/** Same site as far as the browser says, and with the token of this session. */
function isOwnForm(request: FastifyRequest, viewer: Viewer): boolean {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  return sameText(form(request)["form-token"] ?? "", viewer.formToken);
}
