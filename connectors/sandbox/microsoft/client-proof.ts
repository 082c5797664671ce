import { constants, createHash, createPublicKey, verify, X509Certificate } from "node:crypto";
import type { Application } from "./application.ts";
import type { Answer } from "./call.ts";
import { loginFailure } from "./login-failure.ts";

/** How a client proves who it is: by a secret, or by an assertion that it signed. @returns what is wrong with the proof. */
export function refusedProof(application: Application, form: URLSearchParams, now: Date): Answer | undefined {
  return form.has("client_assertion")
    ? refusedAssertion(application, form, now)
    : refusedSecret(application, form, now);
}

/** Checks a client secret. */
function refusedSecret(application: Application, form: URLSearchParams, now: Date): Answer | undefined {
  const secret = form.get("client_secret");
  if (secret === null) {
    return loginFailure(
      now,
      401,
      "invalid_client",
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  if (application.secrets.has(secret)) return undefined;
  return loginFailure(
    now,
    401,
    "invalid_client",
    7000215,
    "Invalid client secret provided. Ensure the secret being sent is the value.",
  );
}

/** Checks a client assertion (RFC 7523): type, signature by a registered certificate, audience, subject and life. */
function refusedAssertion(application: Application, form: URLSearchParams, now: Date): Answer | undefined {
  const refuse = (code: number, text: string) => loginFailure(now, 401, "invalid_client", code, text);
  if (form.get("client_assertion_type") !== "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
    return refuse(700027, "The client assertion type is not supported.");
  }
  const [head = "", claims = "", signature = ""] = (form.get("client_assertion") ?? "").split(".");
  const header = decodePart(head);
  const payload = decodePart(claims);
  if (!header || !payload) return refuse(50027, "JWT token is invalid or malformed.");
  const certificate = [...application.certificates].find((pem) => {
    const { raw } = new X509Certificate(pem);
    return (
      header["x5t#S256"] === createHash("sha256").update(raw).digest("base64url") ||
      header.x5t === createHash("sha1").update(raw).digest("base64url")
    );
  });
  if (certificate === undefined)
    return refuse(700027, "The certificate used to sign the client assertion is not registered.");
  const padding = header.alg === "PS256" ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {};
  const key = { key: createPublicKey(certificate), ...padding };
  if (!verify("sha256", Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, "base64url"))) {
    return refuse(700027, "Client assertion failed signature validation.");
  }
  const { clientId } = application;
  if (payload.iss !== clientId || payload.sub !== clientId)
    return refuse(700021, "Client assertion issuer or subject is wrong.");
  const seconds = now.getTime() / 1000;
  if (typeof payload.exp !== "number" || payload.exp <= seconds)
    return refuse(700024, "Client assertion is not within its valid time range.");
  if (!String(payload.aud).includes(`/oauth2/v2.0/token`))
    return refuse(700023, "Client assertion audience claim is wrong.");
  return undefined;
}

function decodePart(part: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
