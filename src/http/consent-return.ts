import type { FastifyInstance } from "fastify";

/**
 * Where Entra sends the administrator after the admin-consent page. Everything in this address may be forged, so it
 * changes nothing and repeats nothing of it: only a token that the tenant gives proves consent, and the doctor asks
 * for one (threats T-07 and T-08).
 */
export function registerConsentReturn(server: FastifyInstance): void {
  server.get("/oauth/microsoft/callback", { schema: { hide: true } }, async (request, reply) => {
    const { error } = request.query as Readonly<Record<string, unknown>>;
    const answer =
      error === undefined
        ? "Microsoft has taken your answer. Whether consent was granted is seen by asking for a token:"
        : "Consent was not granted. What is granted now is seen by asking for a token:";
    return reply
      .header("cache-control", "no-store")
      .type("text/plain; charset=utf-8")
      .send(`${answer}\n\n    postern tenant doctor\n\nFresh consent may take some minutes to act.\n`);
  });
}
