/** Ends a request with Graph's error document; the server writes it. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "GraphError";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function itemNotFound(): GraphError {
  return new GraphError(404, "ErrorItemNotFound", "The specified object was not found in the store.");
}

export function folderNotFound(): GraphError {
  return new GraphError(404, "ErrorFolderNotFound", "The specified folder could not be found in the store.");
}

export function directoryObjectNotFound(id: string): GraphError {
  return new GraphError(
    404,
    "Request_ResourceNotFound",
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

export function badRequest(message: string, code = "BadRequest"): GraphError {
  return new GraphError(400, code, message);
}

/** The error document of a failed request (error resource type of Microsoft Graph). */
export function errorDocument(error: GraphError, requestId: string, at: Date): object {
  return {
    error: {
      code: error.code,
      message: error.message,
      innerError: {
        date: at.toISOString().slice(0, 19),
        "request-id": requestId,
        "client-request-id": requestId,
      },
    },
  };
}
