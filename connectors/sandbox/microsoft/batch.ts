import { badRequest } from "./graph-error.ts";

/** Most requests in one batch, and most that Graph sends to Outlook at a time. */
const maxRequests = 20;
const maxParallel = 4;

export interface InnerRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly dependsOn: readonly string[];
}

export interface InnerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Reads a `$batch` body. @throws GraphError 400 */
export function readBatch(body: Readonly<Record<string, unknown>>): readonly InnerRequest[] {
  const { requests } = body;
  if (!Array.isArray(requests) || requests.length === 0) throw badRequest("Invalid batch payload format.");
  if (requests.length > maxRequests)
    throw badRequest(`Number of batch request steps exceeds the maximum value of ${maxRequests}.`);
  const seen = new Set<string>();
  return requests.map((request: Readonly<Record<string, unknown>>) => {
    const { id, method, url, headers, body: content, dependsOn } = request;
    if (typeof id !== "string" || seen.has(id)) throw badRequest("Every batch request needs an id of its own.");
    if (typeof method !== "string" || typeof url !== "string" || /^https?:/i.test(url) || /^\/?\$batch/.test(url)) {
      throw badRequest("Invalid batch request: method and relative url are required.");
    }
    const earlier = Array.isArray(dependsOn) ? dependsOn.map(String) : [];
    if (earlier.some((other) => !seen.has(other)))
      throw badRequest("dependsOn must name earlier requests of the batch.");
    seen.add(id);
    const given = Object.entries((headers ?? {}) as Record<string, string>);
    const lower = Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), value]));
    if (content !== undefined && lower["content-type"] === undefined) {
      throw badRequest("A batch request with a body needs a Content-Type header.");
    }
    // Bodies that are not JSON travel as strings.
    const bytes = content === undefined ? "" : typeof content === "string" ? content : JSON.stringify(content);
    return {
      id,
      method: method.toUpperCase(),
      url: url.startsWith("/") ? url : `/${url}`,
      headers: lower,
      body: Buffer.from(bytes),
      dependsOn: earlier,
    };
  });
}

/** Runs the inner requests, at most four at a time; one whose dependency failed is answered 424. */
export async function runBatch(
  requests: readonly InnerRequest[],
  run: (request: InnerRequest) => Promise<InnerAnswer>,
): Promise<object> {
  const results = new Map<string, Promise<InnerAnswer>>();
  const gate = createGate(maxParallel);
  const start = (request: InnerRequest): Promise<InnerAnswer> => {
    const known = results.get(request.id);
    if (known !== undefined) return known;
    const result = (async () => {
      for (const id of request.dependsOn) {
        const other = requests.find((one) => one.id === id);
        const before = other ? await start(other) : undefined;
        if (!before || before.status >= 400) return failedDependency;
      }
      return await gate(() => run(request));
    })();
    results.set(request.id, result);
    return result;
  };
  const responses = await Promise.all(
    requests.map(async (request) => ({ id: request.id, ...inner(await start(request)) })),
  );
  // Answers come in any order; a client that counts on the order of its requests should notice.
  return { responses: responses.reverse() };
}

const failedDependency: InnerAnswer = {
  status: 424,
  headers: { "Content-Type": "application/json" },
  body: Buffer.from(
    JSON.stringify({ error: { code: "FailedDependency", message: "A request that this one depends on failed." } }),
  ),
};

function inner({ status, headers, body }: InnerAnswer): object {
  const type: string | undefined = headers["Content-Type"];
  const isJson = type !== undefined && /json/i.test(type);
  if (body.length === 0) return { status, headers };
  return { status, headers, body: isJson ? JSON.parse(body.toString("utf8")) : body.toString("base64") };
}

/** Lets so many tasks run at a time. */
function createGate(limit: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await task();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}
