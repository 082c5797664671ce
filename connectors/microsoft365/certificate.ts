import { createPrivateKey, X509Certificate } from "node:crypto";
import { PosternError } from "../../src/core/errors.ts";

/**
 * What msal-node needs of a PEM text that holds a certificate and its private key.
 * @throws PosternError CONFIG_INVALID when one of the two is missing, is locked or does not belong to the other.
 */
export function readCertificate(pem: string): { readonly thumbprintSha256: string; readonly privateKey: string } {
  const certificate = attempt("holds no certificate", () => new X509Certificate(pem));
  const key = attempt("holds no private key that opens without a password", () => createPrivateKey(pem));
  if (!certificate.checkPrivateKey(key)) throw faulty("holds a key that does not belong to its certificate");
  return {
    thumbprintSha256: certificate.fingerprint256.replaceAll(":", ""),
    privateKey: key.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function attempt<T>(fault: string, read: () => T): T {
  try {
    return read();
  } catch {
    // The cause may quote the key.
    throw faulty(fault);
  }
}

function faulty(fault: string): PosternError {
  return new PosternError("CONFIG_INVALID", `The tenant's certificate text (PEM) ${fault}`);
}
