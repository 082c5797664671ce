import type { PosternError } from "../../src/core/errors.ts";

export interface Advice {
  readonly missing: string;
  readonly grant: string;
}

const DELEGATION =
  "admin.google.com > Security > Access and data control > API controls > Manage domain-wide delegation";

/** What to do about a failure that says itself what is wrong; undefined when it depends on the call. */
export function grantFor(error: PosternError): Advice | undefined {
  const { reason, scope } = error.details;
  if (error.code === "PROVIDER_UNAVAILABLE" || error.code === "PROVIDER_THROTTLED") {
    return { missing: "answer from Google", grant: "Run the check again in a minute; nothing needs to be changed." };
  }
  if (error.details.setting === "credential.key.private_key") {
    return { missing: "private key", grant: "Send the private_key of the service account's key file, unchanged." };
  }
  if (reason === "no-caller-identity") {
    return {
      missing: "identity of the workload",
      grant:
        "Run Postern with an attached service account or workload identity federation, or name a token file, and give it roles/iam.serviceAccountTokenCreator on the service account.",
    };
  }
  if (error.details.call === "sign") {
    return {
      missing: "roles/iam.serviceAccountTokenCreator",
      grant:
        "Enable the IAM Service Account Credentials API and give the workload roles/iam.serviceAccountTokenCreator on the service account.",
    };
  }
  if (reason === "unauthorized_client" && typeof scope === "string") {
    return {
      missing: scope,
      grant: `In ${DELEGATION}, edit the service account's client id and add the scope ${scope}; it may take up to a day to act.`,
    };
  }
  if (reason === "invalid_grant") {
    return {
      missing: "valid service account key",
      grant:
        "Check that the key has not been deleted, belongs to this service account, and that this machine's clock is right.",
    };
  }
  if (reason === "domainPolicy") {
    return {
      missing: "trust in the app",
      grant:
        "In admin.google.com > Security > API controls > App access control, mark the service account's client id as trusted.",
    };
  }
  if (reason === "accessNotConfigured" || reason === "SERVICE_DISABLED") {
    return {
      missing: "enabled API",
      grant: "Enable the Gmail, Admin SDK and Pub/Sub APIs in the service account's Cloud project.",
    };
  }
  return undefined;
}
