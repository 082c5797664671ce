import swagger from "@fastify/swagger";
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync } from "fastify";
import { serializerCompiler } from "fastify-type-provider-zod";
import { answerUnrouted } from "./allowed-methods.ts";
import { type ApiDependencies, registerApi } from "./api/routes.ts";
import { requireToken } from "./auth.ts";
import { type ConsentReturnDependencies, registerConsentReturn } from "./consent-return.ts";
import { type ConsoleDependencies, registerConsole } from "./console/routes.ts";
import { type HealthDependencies, registerHealth } from "./health.ts";
import { openApiOptions } from "./openapi.ts";
import { answerProblems } from "./problem.ts";
import { compileValidator } from "./request-faults.ts";
import { registerWebhooks, type WebhookDependencies } from "./webhooks.ts";

/** Larger bodies answer 413; a notification of a thousand changes is a tenth of it. */
const MOST_BODY_BYTES = 1_048_576;
/** A request that has not arrived by then is dripped at us. */
const REQUEST_TIMEOUT_MS = 15_000;

export interface ServerDependencies
  extends ApiDependencies,
    ConsentReturnDependencies,
    ConsoleDependencies,
    HealthDependencies,
    WebhookDependencies {
  /** Bearer token of the administration API; without one every call of it answers 401. */
  readonly adminToken: string | undefined;
  readonly version: string;
  readonly serverLogger: FastifyBaseLogger;
}

/** Builds the whole listener; it does not listen yet, so that tests can `inject`. */
export async function buildServer(dependencies: ServerDependencies): Promise<FastifyInstance> {
  const server = fastify({
    loggerInstance: dependencies.serverLogger,
    // Query strings carry tokens: requests are counted, not logged.
    logController: new fastify.LogController({ disableRequestLogging: true }),
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 1_000 },
  });
  server.setValidatorCompiler(compileValidator);
  server.setSerializerCompiler(serializerCompiler);
  answerProblems(server);
  server.addHook("onSend", async (_request, reply) => {
    reply.header("x-content-type-options", "nosniff").header("referrer-policy", "no-referrer");
  });
  requireToken(server, dependencies.adminToken);
  answerUnrouted(server);
  await server.register(swagger, openApiOptions(dependencies.version));
  for (const room of [registerWebhooks, registerApi, registerConsole]) {
    // A scope of its own: the three read bodies in three ways.
    const plugin: FastifyPluginAsync = async (scope) => room(scope, dependencies);
    await server.register(plugin);
  }
  registerConsentReturn(server, dependencies);
  registerHealth(server, dependencies);
  server.get("/api/openapi.json", { schema: { hide: true } }, async () => server.swagger());
  return server;
}
