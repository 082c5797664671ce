import { PosternError } from "../../src/core/errors.ts";

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
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    // Leaving the loop cancels the stream.
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(limit: number): PosternError {
  return new PosternError("MESSAGE_TOO_LARGE", `The answer is larger than ${limit} bytes`);
}
