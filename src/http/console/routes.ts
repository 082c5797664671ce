import cookie from "@fastify/cookie";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isPosternError } from "../../core/errors.ts";
import type { MessageStore, QuarantineStore } from "../../core/store.ts";
import type { QuarantineRouteDependencies } from "../api/quarantine.ts";
import { sameText } from "../auth.ts";
import { ASSETS } from "./assets.ts";
import type { Viewer } from "./layout.tsx";
import { incidentPage, messagePage, overviewPage, signInPage } from "./pages.tsx";
import type { Sessions } from "./sessions.ts";

export interface ConsoleDependencies {
  readonly sessions: Sessions;
  readonly messages: Pick<MessageStore, "get" | "list">;
  readonly quarantine: Pick<QuarantineStore, "get" | "list">;
  readonly decide: QuarantineRouteDependencies["decide"];
  readonly adminToken: string | undefined;
  /** Set when people reach the console over https. */
  readonly secureCookies: boolean;
}

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'";
const ROWS = 50;

/** The console: server-rendered pages. A GET changes nothing; a POST needs the session's form token. */
export async function registerConsole(server: FastifyInstance, dependencies: ConsoleDependencies): Promise<void> {
  const { sessions, messages, quarantine, decide } = dependencies;
  // The prefix makes browsers insist on https, the host itself and the whole path (RFC 6265bis).
  const cookieName = dependencies.secureCookies ? "__Host-postern" : "postern";
  await server.register(cookie);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
  );
  server.addHook("onSend", async (_request, reply) => {
    reply.header("content-security-policy", CONTENT_SECURITY_POLICY).header("cache-control", "no-store");
  });

  const viewerOf = (request: FastifyRequest): Viewer | undefined => sessions.find(request.cookies[cookieName]);
  const html = (reply: FastifyReply, body: string): FastifyReply => reply.type("text/html; charset=utf-8").send(body);
  const withToken = dependencies.adminToken !== undefined;
  const options = { schema: { hide: true } };

  /** Runs `work` for somebody who is signed in; sends everybody else to sign in. */
  function signedIn(work: (viewer: Viewer, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>) {
    return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const viewer = viewerOf(request);
      if (!viewer)
        return request.method === "GET"
          ? reply.redirect("/sign-in", 303)
          : html(reply.code(403), messagePage(undefined, "Signed out", "Sign in again."));
      if (request.method !== "GET" && !isOwnForm(request, viewer))
        return html(reply.code(403), messagePage(viewer, "Refused", "This form did not come from the console."));
      return work(viewer, request, reply);
    };
  }

  server.get("/sign-in", options, (_request, reply) =>
    html(reply, signInPage({ link: null, withToken, failed: false })),
  );
  server.get<{ Params: { link: string } }>("/sign-in/:link", options, (request, reply) =>
    html(reply, signInPage({ link: request.params.link, withToken, failed: false })),
  );
  server.post("/sign-in", options, async (request, reply) => {
    const { link, token } = form(request);
    const byToken =
      token !== undefined && dependencies.adminToken !== undefined && sameText(token, dependencies.adminToken);
    const id = byToken ? sessions.begin("administrator") : link === undefined ? undefined : sessions.redeemLink(link);
    if (id === undefined) return html(reply.code(403), signInPage({ link: null, withToken, failed: true }));
    reply.setCookie(cookieName, id, {
      path: "/",
      httpOnly: true,
      sameSite: "strict",
      secure: dependencies.secureCookies,
    });
    return reply.redirect("/", 303);
  });
  server.post(
    "/sign-out",
    options,
    signedIn(async (_viewer, request, reply) => {
      sessions.end(request.cookies[cookieName] ?? "");
      return reply.clearCookie(cookieName, { path: "/" }).redirect("/sign-in", 303);
    }),
  );
  server.get(
    "/",
    options,
    signedIn(async (viewer, _request, reply) => {
      const [incidents, held] = await Promise.all([
        messages.list({ incidentsOnly: true }, { limit: ROWS }),
        quarantine.list({ state: "held" }, { limit: ROWS }),
      ]);
      return html(reply, overviewPage(viewer, incidents.items, held.items));
    }),
  );
  server.get(
    "/incidents/:id",
    options,
    signedIn(async (viewer, request, reply) => {
      const incident = await messages.get((request.params as { readonly id: string }).id);
      if (!incident) return html(reply.code(404), messagePage(viewer, "Not found", "There is no such incident."));
      return html(reply, incidentPage(viewer, incident));
    }),
  );
  server.post(
    "/quarantine/:id",
    options,
    signedIn(async (viewer, request, reply) => {
      const { decision, reason } = form(request);
      if (decision !== "release" && decision !== "delete")
        return html(reply.code(400), messagePage(viewer, "Not done", "Choose to release or to delete."));
      const decided = { by: viewer.who, reason: reason === undefined || reason.trim() === "" ? null : reason.trim() };
      try {
        await (decision === "release" ? decide.release : decide.remove)(
          (request.params as { readonly id: string }).id,
          decided,
        );
      } catch (error) {
        if (!isPosternError(error)) throw error;
        return html(reply.code(error.status), messagePage(viewer, "Not done", error.message));
      }
      return reply.redirect("/#quarantine", 303);
    }),
  );
  server.get<{ Params: { name: string } }>("/assets/:name", options, async (request, reply) => {
    const asset = ASSETS[request.params.name];
    if (!asset) return reply.callNotFound();
    return reply.type(asset.type).send(asset.body);
  });
}

/** Same site as far as the browser says, and with the token of this session. */
function isOwnForm(request: FastifyRequest, viewer: Viewer): boolean {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  return sameText(form(request)["form-token"] ?? "", viewer.formToken);
}

function form(request: FastifyRequest): Readonly<Record<string, string | undefined>> {
  return (request.body ?? {}) as Readonly<Record<string, string | undefined>>;
}
