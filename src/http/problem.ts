import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { isPosternError } from "../core/errors.ts";

/** RFC 9457, plus `code` (docs/errors.md) and what the case adds. */
interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly [extension: string]: unknown;
}

/** Every error answer of the server is a problem document; what is unexpected shows nothing of itself. */
export function answerProblems(server: FastifyInstance): void {
  server.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = toProblem(error);
    if (problem.status >= 500 && !isPosternError(error))
      request.log.error({ err: error }, "request failed unexpectedly");
    return sendProblem(reply, problem);
  });
  server.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, document("NOT_FOUND", 404, "there is nothing at this address")),
  );
}

export function sendProblem(reply: FastifyReply, problem: ProblemDocument): FastifyReply {
  if (problem.status === 503) reply.header("retry-after", "5");
  return reply.code(problem.status).type("application/problem+json").send(JSON.stringify(problem));
}

function toProblem(error: FastifyError): ProblemDocument {
  if (isPosternError(error)) return document(error.code, error.status, error.message, error.details);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map((fault) => ({ path: fault.instancePath, reason: fault.message ?? "invalid" }));
    return document("REQUEST_INVALID", 400, "the request does not have the documented form", { errors });
  }
  const status = error.statusCode ?? 500;
  if (status < 500) return document("REQUEST_INVALID", status, error.message);
  return document("INTERNAL", 500, "an unexpected failure; it was logged");
}

export function document(
  code: string,
  status: number,
  detail: string,
  extensions: Readonly<Record<string, unknown>> = {},
): ProblemDocument {
  const title = code.charAt(0) + code.slice(1).toLowerCase().replaceAll("_", " ");
  return {
    ...extensions,
    type: `urn:postern:problem:${code.toLowerCase().replaceAll("_", "-")}`,
    title,
    status,
    detail,
    code,
  };
}
