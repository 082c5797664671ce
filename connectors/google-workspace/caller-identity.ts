import { readFile } from "node:fs/promises";
import { auth } from "googleapis/build/src/apis/gmail/index.js";
import { PosternError } from "../../src/core/errors.ts";

/** Signing through IAM needs this scope (iamcredentials signJwt). */
const CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";

/**
 * The access token of the workload itself, which may sign as the service account (roles/iam.serviceAccountTokenCreator).
 * From `tokenFile` (an access token that somebody keeps fresh, or a credential configuration in JSON for workload
 * identity federation), else from the environment's default credentials, for instance the metadata server.
 * @throws PosternError PROVIDER_UNAUTHORIZED when the environment gives no identity.
 */
export async function callerToken(tokenFile: string | undefined): Promise<string> {
  try {
    if (tokenFile === undefined) return await defaultToken({});
    const content = (await readFile(tokenFile, "utf8")).trim();
    if (content.startsWith("{")) return await defaultToken({ keyFilename: tokenFile });
    if (content !== "") return content;
  } catch {
    // The library's messages may repeat what the file holds.
  }
  throw new PosternError("PROVIDER_UNAUTHORIZED", "The workload has no Google identity that could sign", {
    details: { reason: "no-caller-identity" },
  });
}

async function defaultToken(options: { readonly keyFilename?: string }): Promise<string> {
  const token = await new auth.GoogleAuth({ ...options, scopes: [CLOUD_PLATFORM] }).getAccessToken();
  if (typeof token !== "string" || token === "") throw new Error("no token");
  return token;
}
