import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";

/** What is still read of a body that is too large, so that its sender gets to the answer; more is cut off. */
const MOST_DRAINED_BYTES = 16 * 1_048_576;
/** A sender who is slower than this has stopped listening, or means harm. */
const MOST_DRAINING_MS = 5_000;

/**
 * Sends the whole answer at once and closes the connection only after the rest of the body was read and dropped. A
 * connection that is closed with unread data in it is reset, and the answer is lost with it (RFC 9112, 9.6).
 */
export function sendAndDrain(request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply {
  const answer = Readable.from(answerThenDrain(request.raw, text), { objectMode: false });
  return reply.header("content-length", Buffer.byteLength(text)).header("connection", "close").send(answer);
}

async function* answerThenDrain(body: Readable, text: string): AsyncGenerator<string> {
  yield text;
  await drained(body);
}

function drained(body: Readable): Promise<void> {
  return new Promise((resolve) => {
    let left = MOST_DRAINED_BYTES;
    const timer = setTimeout(done, MOST_DRAINING_MS);
    const take = (chunk: Buffer): void => {
      left -= chunk.length;
      if (left < 0) done();
    };
    function done(): void {
      clearTimeout(timer);
      body.off("data", take);
      body.pause();
      resolve();
    }
    body.on("data", take).once("end", done).once("close", done).once("error", done);
    if (body.readableEnded || body.destroyed) done();
    else body.resume();
  });
}
