import { type Answer, json, type Route } from "../http/route.ts";
import type { SigningKey } from "./keys.ts";

/** Public halves of the keys that sign Pub/Sub's push tokens, at the addresses where Google has them. */
export function certRoutes(keys: () => readonly SigningKey[]): readonly Route[] {
  const jwks = (): Answer =>
    cached({
      keys: keys().map(({ kid, publicKey }) => ({
        ...publicKey.export({ format: "jwk" }),
        kid,
        alg: "RS256",
        use: "sig",
      })),
    });
  const pems = (): Answer =>
    cached(
      Object.fromEntries(keys().map(({ kid, publicKey }) => [kid, publicKey.export({ format: "pem", type: "spki" })])),
    );
  const open = { method: "GET", scopes: null } as const;
  return [
    { ...open, id: "oauth2.certs.v3", path: "/oauth2/v3/certs", handle: jwks },
    // The setting may name the whole address or its beginning: both are answered.
    { ...open, id: "oauth2.certs", path: "/", handle: jwks },
    { ...open, id: "oauth2.certs.v1", path: "/oauth2/v1/certs", handle: pems },
  ];
}

function cached(body: object): Answer {
  return { ...json(body), headers: { "cache-control": "public, max-age=19800, must-revalidate, no-transform" } };
}
