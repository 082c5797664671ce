import cookie from "@fastify/cookie";
import type { FastifyInstance } from "fastify";
import type { MessageStore } from "../../core/store.ts";
import { ASSETS } from "./assets.ts";
import { type DecisionDependencies, registerDecisions } from "./decisions.ts";
import { type ExportPageDependencies, registerExportPages } from "./export-jobs.ts";
import { incidentPage, messagePage, overviewPage } from "./pages.tsx";
import { registerSignIn, type SignInDependencies } from "./sign-in.ts";
import { html, openSignedIn } from "./signed-in.ts";

export interface ConsoleDependencies extends SignInDependencies, DecisionDependencies, ExportPageDependencies {
  readonly messages: Pick<MessageStore, "get" | "list">;
}

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'";
const ROWS = 50;

/** The console: server-rendered pages. A GET changes nothing; a POST needs the session's form token. */
export async function registerConsole(server: FastifyInstance, dependencies: ConsoleDependencies): Promise<void> {
  const { sessions, messages, quarantine } = dependencies;
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

  const signedIn = openSignedIn(sessions, cookieName);
  const options = { schema: { hide: true } };
  registerSignIn(server, dependencies, cookieName, signedIn);
  registerDecisions(server, dependencies, signedIn);
  registerExportPages(server, dependencies, signedIn);
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
  server.get<{ Params: { name: string } }>("/assets/:name", options, async (request, reply) => {
    const asset = ASSETS[request.params.name];
    if (!asset) return reply.callNotFound();
    return reply.type(asset.type).send(asset.body);
  });
}
