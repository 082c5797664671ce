import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isPosternError } from "../core/errors.ts";
import { sendAndDrain } from "./overlong-body.ts";
import { RequestFaults } from "./request-faults.ts";

/** RFC 9457, plus `code` (docs/errors.md) and what the case adds. */
interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly [extension: string]: unknown;
}

const PROBLEM_TYPE = "application/problem+json";

/** Every error answer of the server is a problem document; what is unexpected shows nothing of itself. */
export function answerProblems(server: FastifyInstance): void {
  server.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = toProblem(error, request);
    if (problem.status >= 500 && !isPosternError(error))
      request.log.error({ err: error }, "request failed unexpectedly");
    if (problem.status === 413)
      return sendAndDrain(request, reply.code(413).type(PROBLEM_TYPE), JSON.stringify(problem));
    return sendProblem(reply, problem);
  });
  // Reached only by handlers that call it; other requests that lead nowhere were answered before their body was read.
  server.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, document("NOT_FOUND", 404, "there is nothing at this address")),
  );
}

export function sendProblem(reply: FastifyReply, problem: ProblemDocument): FastifyReply {
  if (problem.status === 503) reply.header("retry-after", "5");
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

function toProblem(error: FastifyError, request: FastifyRequest): ProblemDocument {
  if (isPosternError(error)) return document(error.code, error.status, error.message, error.details);
  if (error instanceof RequestFaults) return document("REQUEST_INVALID", 400, error.message, { errors: error.faults });
  const status = error.statusCode ?? 500;
  if (status < 500) return document("REQUEST_INVALID", status, detailOf(error, request));
  return document("INTERNAL", 500, "an unexpected failure; it was logged");
}

/** What the framework refuses, in our words: its own may quote a piece of the body. */
function detailOf(error: FastifyError, request: FastifyRequest): string {
  switch (error.code) {
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return unsupported(request);
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return `the body is larger than the ${request.routeOptions.bodyLimit} bytes that are taken here`;
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return "the body is not as long as its Content-Length says";
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return "the body is not valid JSON";
    default:
      return error instanceof SyntaxError ? "the body is not valid JSON" : "the request cannot be read";
  }
}

function unsupported({ headers, routeOptions }: FastifyRequest): string {
  const { consumes = ["application/json"] } = routeOptions.schema ?? {};
  const given = headers["content-type"] === undefined ? "a body without a content type" : "this content type";
  return `${given} is not taken here; send ${consumes.join(" or ")}`;
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
