import type { FastifyInstance } from "fastify";

/** What the redirect of an admin-consent page claims; everything in it may be forged. */
export interface ConsentReturn {
  readonly state: string;
  readonly directory: string;
  readonly granted: boolean;
}

/**
 * `usable`: the tenant gave a token just now. `not-yet`: it did not. `denied`: the administrator declined.
 * `unknown`: no question of ours, an old one, one that was answered, or an answer of another directory.
 */
export type ConsentOutcome = "usable" | "not-yet" | "denied" | "unknown";

export interface ConsentReturnDependencies {
  readonly consentReturned: (answer: ConsentReturn) => Promise<ConsentOutcome>;
}

const DOCTOR = "\n\n    postern tenant doctor\n";
const ANSWERS: Readonly<Record<ConsentOutcome, readonly [status: number, text: string]>> = {
  usable: [
    200,
    `Consent is in place: the tenant gave a token. What is granted and what is missing is told by${DOCTOR}`,
  ],
  "not-yet": [
    200,
    `Microsoft has taken your answer, but the tenant gives no token yet. Fresh consent may take some minutes; then ask${DOCTOR}`,
  ],
  denied: [400, `Consent was not granted. What is granted now is told by${DOCTOR}`],
  unknown: [
    400,
    `This address belongs to no open question of this installation. A new one, and what is granted, is told by${DOCTOR}`,
  ],
};

/**
 * Where Entra sends the administrator after the admin-consent page. The address proves nothing: its `state` must be one
 * that was signed here, for this directory, and was not used; then the tenant is asked for a token, which alone proves
 * consent (threats T-07 and T-08). The page repeats nothing of the address.
 */
export function registerConsentReturn(server: FastifyInstance, { consentReturned }: ConsentReturnDependencies): void {
  server.get(
    "/oauth/microsoft/callback",
    // A HEAD must not use up the state.
    { schema: { hide: true }, exposeHeadRoute: false },
    async (request, reply) => {
      const { state, tenant, error, admin_consent } = request.query as Readonly<Record<string, unknown>>;
      const isRead = typeof state === "string" && typeof tenant !== "object";
      const outcome = isRead
        ? await consentReturned({
            state,
            directory: typeof tenant === "string" ? tenant : "",
            // A refusal says `admin_consent=True` too, beside its error.
            granted: error === undefined && String(admin_consent).toLowerCase() === "true",
          })
        : "unknown";
      const [status, text] = ANSWERS[outcome];
      return reply.code(status).header("cache-control", "no-store").type("text/plain; charset=utf-8").send(text);
    },
  );
}
