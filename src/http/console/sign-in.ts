import type { FastifyInstance } from "fastify";
import { sameText } from "../auth.ts";
import { signInPage } from "./pages.tsx";
import type { Sessions } from "./sessions.ts";
import { form, html, nextPage, type SignedIn } from "./signed-in.ts";

export interface SignInDependencies {
  readonly sessions: Sessions;
  readonly adminToken: string | undefined;
  /** Set when people reach the console over https. */
  readonly secureCookies: boolean;
}

/** Signing in by a link that works once or by the administrator's token, and signing out. Looking changes nothing. */
export function registerSignIn(
  server: FastifyInstance,
  { sessions, adminToken, secureCookies }: SignInDependencies,
  cookieName: string,
  signedIn: SignedIn,
): void {
  const withToken = adminToken !== undefined;
  const options = { schema: { hide: true } };

  server.get<{ Querystring: { next?: unknown } }>("/sign-in", options, (request, reply) =>
    html(reply, signInPage({ link: null, withToken, failed: false, next: nextPage(request.query.next) })),
  );
  server.get<{ Params: { link: string } }>("/sign-in/:link", options, (request, reply) =>
    html(reply, signInPage({ link: request.params.link, withToken, failed: false })),
  );
  server.post("/sign-in", options, async (request, reply) => {
    const { link, token, next: asked } = form(request);
    const next = nextPage(asked);
    const byToken = token !== undefined && adminToken !== undefined && sameText(token, adminToken);
    const id = byToken ? sessions.begin("administrator") : link === undefined ? undefined : sessions.redeemLink(link);
    if (id === undefined) return html(reply.code(403), signInPage({ link: null, withToken, failed: true, next }));
    reply.setCookie(cookieName, id, { path: "/", httpOnly: true, sameSite: "strict", secure: secureCookies });
    return reply.redirect(next ?? "/", 303);
  });
  server.post(
    "/sign-out",
    options,
    signedIn(async (_viewer, request, reply) => {
      sessions.end(request.cookies[cookieName] ?? "");
      return reply.clearCookie(cookieName, { path: "/" }).redirect("/sign-in", 303);
    }),
  );
}
