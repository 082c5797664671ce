import { PosternError } from "../../src/core/errors.ts";

/** Where no length is announced, for instance for a short JSON answer. */
const SMALLEST_BYTES = 4_096;

/**
 * The whole body, or nothing: a body that breaks off rejects.
 * @throws PosternError MESSAGE_TOO_LARGE beyond `limit` bytes.
 */
export async function readBody(response: Response, limit: number): Promise<Uint8Array> {
  const announced = Number(response.headers.get("content-length") ?? 0);
  if (announced > limit) {
    await response.body?.cancel();
    throw tooLarge(limit);
  }
  if (response.body === null) return new Uint8Array();
  // Filled as it comes, at its announced size: a message of 150 MB is not in memory twice.
  let bytes = new Uint8Array(Math.max(announced, SMALLEST_BYTES));
  let size = 0;
  for await (const chunk of response.body) {
    const end = size + chunk.length;
    // Leaving the loop cancels the stream.
    if (end > limit) throw tooLarge(limit);
    // What was packed for the way is larger than its Content-Length.
    if (end > bytes.length) bytes = grown(bytes, size, Math.min(limit, Math.max(end, 2 * bytes.length)));
    bytes.set(chunk, size);
    size = end;
  }
  return bytes.subarray(0, size);
}

function grown(bytes: Uint8Array, used: number, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(bytes.subarray(0, used));
  return larger;
}

function tooLarge(limit: number): PosternError {
  return new PosternError("MESSAGE_TOO_LARGE", `The answer is larger than ${limit} bytes`);
}
