import type { FastifyInstance } from "fastify";
import { document, sendProblem } from "./problem.ts";

/**
 * Answers what leads nowhere before a body is read: 405 with `Allow` where the address takes other methods (RFC 9110,
 * 15.5.6), else 404. Sees the routes that are added after it.
 */
export function answerUnrouted(server: FastifyInstance): void {
  const routes: { readonly address: RegExp; readonly methods: readonly string[] }[] = [];
  server.addHook("onRoute", ({ url, method }) => {
    routes.push({ address: addressesOf(url), methods: [method].flat() });
  });
  server.addHook("onRequest", async (request, reply) => {
    if (!request.is404) return;
    const path = request.url.split("?", 1)[0] ?? "";
    const methods = new Set(routes.filter(({ address }) => address.test(path)).flatMap((route) => route.methods));
    if (methods.size === 0) return sendProblem(reply, document("NOT_FOUND", 404, "there is nothing at this address"));
    const allow = [...methods].join(", ");
    const detail = `${request.method} is not possible at this address; it takes ${allow}`;
    return sendProblem(reply.header("allow", allow), document("REQUEST_INVALID", 405, detail));
  });
}

/** The addresses of a route such as `/api/v1/messages/:id`. */
function addressesOf(route: string): RegExp {
  const steps = route.split("/").map((step) => {
    if (step.startsWith(":")) return "[^/]+";
    return step === "*" ? ".*" : step.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${steps.join("/")}$`);
}
