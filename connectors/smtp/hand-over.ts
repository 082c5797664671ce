import SMTPConnection from "nodemailer/lib/smtp-connection";
import { PosternError } from "../../src/core/errors.ts";

/** Milliseconds for connecting, for the greeting, and without a sign of life later. */
const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;

export interface Server {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (RFC 8314). */
  readonly secure: boolean;
  /** Nothing is said without STARTTLS. */
  readonly requireTLS: boolean;
  readonly credentials: { readonly user: string; readonly pass: string } | undefined;
}

/**
 * Hands one mail to a server on a connection of its own, because a pool repeats by itself what broke off.
 * @returns `taken` when the server answers for it; `unknown` when it was begun and no answer came; an error when
 * nothing was sent for certain. The server's words may quote the mail and are left out of it.
 */
export async function handOver(
  server: Server,
  envelope: { readonly from: string; readonly to: string },
  mime: Buffer,
  signal: AbortSignal,
): Promise<"taken" | "unknown" | PosternError> {
  signal.throwIfAborted();
  const { credentials, ...address } = server;
  const connection = new SMTPConnection({
    ...address,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
  });
  const abort = (): void => connection.close();
  signal.addEventListener("abort", abort, { once: true });
  let begun = false;
  try {
    await new Promise<void>((resolve, reject) => {
      connection.once("error", reject);
      connection.once("end", () => reject(new Error("the connection ended")));
      const take = (): void => {
        begun = true;
        connection.send({ from: envelope.from, to: [envelope.to] }, mime, settled(resolve, reject));
      };
      connection.connect(
        settled(() => {
          if (credentials === undefined) take();
          else connection.login({ user: credentials.user, credentials }, settled(take, reject));
        }, reject),
      );
    });
    connection.quit();
    return "taken";
  } catch (error) {
    connection.close();
    signal.throwIfAborted();
    const { code = "", responseCode } = error as SMTPConnection.SMTPError;
    return begun && responseCode === undefined ? "unknown" : failureOf(code, responseCode);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function settled(resolve: () => void, reject: (error: Error) => void): (error?: Error | null) => void {
  return (error) => (error ? reject(error) : resolve());
}

function failureOf(code: string, status = 0): PosternError {
  const details = { call: "smtp", status, code };
  if (code === "EAUTH")
    return new PosternError("PROVIDER_UNAUTHORIZED", "The mail server does not let us in", { details });
  return status >= 500
    ? new PosternError("PROVIDER_REFUSED", "The mail server refuses a notice", { details })
    : new PosternError("PROVIDER_UNAVAILABLE", "The mail server cannot take a notice now", { details });
}
