import type { InboundPush, ReadPush } from "../../src/core/ports.ts";
import type { GoogleTenantSettings } from "../../src/core/tenant.ts";
import { notifiedMailbox } from "./notification.ts";
import { pushBodySchema } from "./payloads.ts";
import { subscriptionName } from "./pubsub-names.ts";
import { isGenuinePush, type PushExpectation } from "./push-token.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** What a tenant's pushes must prove; undefined for tenants that pull. */
export function pushExpectation({ pubsub }: Pick<GoogleTenantSettings, "pubsub">): PushExpectation | undefined {
  const { delivery, audience, serviceAccount } = pubsub;
  if (delivery !== "push" || audience === undefined || serviceAccount === undefined) return undefined;
  return { audience, serviceAccount, subscription: subscriptionName(pubsub) };
}

/**
 * Verifies and reads one push of Cloud Pub/Sub. No call to the mail API. Pushes may be repeated by anybody who saw one
 * within the hour, so a hint only ever asks to look into a mailbox.
 * @returns not ok with `not-verified` for a token that is not Google's or not for us, `other-subscription`, or
 * `malformed` for a body that Pub/Sub does not send.
 * @throws PosternError PROVIDER_UNAVAILABLE when Google's keys cannot be read (answer 503, Google repeats).
 */
export async function readPush(
  push: InboundPush,
  expected: PushExpectation,
  keys: SigningKeys,
  signal: AbortSignal = AbortSignal.timeout(10_000),
): Promise<ReadPush> {
  if (!(await isGenuinePush(push.headers.authorization, expected, keys, signal))) {
    return { ok: false, reason: "not-verified" };
  }
  const body = pushBodySchema.safeParse(parseJson(push.body));
  if (!body.success) return { ok: false, reason: "malformed" };
  if (body.data.subscription !== expected.subscription) {
    return { ok: false, reason: "other-subscription" };
  }
  const mailbox = notifiedMailbox(body.data.message.data);
  // Answered as accepted: a message that nobody can read would be pushed again for a week.
  return { ok: true, hints: mailbox === undefined ? [] : [{ kind: "mailbox", mailbox }] };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return undefined;
  }
}
