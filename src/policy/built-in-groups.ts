/** Detectors of secrets that open doors by themselves; those that the engine has make up `built-in-access-keys`. */
const ACCESS_KEYS = [
  "aws-access-key",
  "gcp-api-key",
  "azure-storage-key",
  "github-token",
  "slack-token",
  "stripe-key",
  "private-key",
] as const;

/**
 * Groups that every policy can name without defining them. They follow the engine: a detector that a later version
 * brings is in `built-in` at once.
 */
export function builtInGroups(detectorIds: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  return new Map([
    ["built-in", [...detectorIds]],
    ["built-in-access-keys", ACCESS_KEYS.filter((id) => detectorIds.has(id))],
  ]);
}
