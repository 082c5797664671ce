import { PosternError } from "../../core/errors.ts";
import type { PolicyDependencies } from "./policy-access.ts";

/** @throws PosternError CONFLICT when a detector of the running policy names the data: it would find nothing then. */
export async function refuseInUse(
  policies: PolicyDependencies["policies"],
  field: "exactData" | "fingerprint",
  name: string,
): Promise<void> {
  const { policy } = await policies.current();
  const user = policy.detectors.find((definition) => definition[field] === name);
  if (user !== undefined) throw new PosternError("CONFLICT", `the detector ${user.id} names it`);
}
