import { CLOUD_PLATFORM, PUBSUB } from "../auth/scopes.ts";
import { notFound } from "../google-error.ts";
import { type Call, json, type Route } from "../http/route.ts";
import type { World } from "../world.ts";
import type { Topic } from "./broker.ts";
import { requirePermission } from "./permissions.ts";

/** Who publishes Gmail's notifications; needs roles/pubsub.publisher on the topic. */
export const GMAIL_PUBLISHER = "serviceAccount:gmail-api-push@system.gserviceaccount.com";

const PUBLISHER_ROLE = "roles/pubsub.publisher";
const scopes = [CLOUD_PLATFORM, PUBSUB];
const PATH = "/v1/projects/{project}/topics/{topic}";

export const topicRoutes: readonly Route[] = [
  {
    id: "pubsub.projects.topics.create",
    method: "PUT",
    path: PATH,
    scopes,
    body: ["name", "labels", "messageRetentionDuration"],
    handle: (call, world) => {
      requirePermission(call, world, "pubsub.topics.create");
      return json({ name: world.broker.addTopic(topicName(call)).name });
    },
  },
  {
    id: "pubsub.projects.topics.get",
    method: "GET",
    path: PATH,
    scopes,
    handle: (call, world) => {
      requirePermission(call, world, "pubsub.topics.get");
      return json({ name: existingTopic(call, world).name });
    },
  },
  {
    id: "pubsub.projects.topics.getIamPolicy",
    method: "GET",
    path: `${PATH}:getIamPolicy`,
    scopes,
    query: ["options.requestedPolicyVersion"],
    handle: (call, world) => {
      requirePermission(call, world, "pubsub.topics.getIamPolicy");
      return json(policyOf(existingTopic(call, world)));
    },
  },
  {
    id: "pubsub.projects.topics.setIamPolicy",
    method: "POST",
    path: `${PATH}:setIamPolicy`,
    scopes,
    body: ["policy", "updateMask"],
    handle: (call, world) => {
      requirePermission(call, world, "pubsub.topics.setIamPolicy");
      const topic = existingTopic(call, world);
      topic.publishers.clear();
      for (const member of publishersIn(call.json.policy)) topic.publishers.add(member);
      return json(policyOf(topic));
    },
  },
];

function topicName(call: Call): string {
  return `projects/${call.params.project}/topics/${call.params.topic}`;
}

function existingTopic(call: Call, world: World): Topic {
  const topic = world.broker.topics.get(topicName(call));
  if (topic === undefined) throw notFound(`Resource not found (resource=${call.params.topic}).`);
  return topic;
}

function policyOf(topic: Topic): object {
  const bindings =
    topic.publishers.size === 0 ? {} : { bindings: [{ role: PUBLISHER_ROLE, members: [...topic.publishers] }] };
  return { version: 1, etag: "BwXhqDVbuJE=", ...bindings };
}

function publishersIn(policy: unknown): readonly string[] {
  const { bindings = [] } = (policy ?? {}) as {
    readonly bindings?: readonly { readonly role?: string; readonly members?: readonly string[] }[];
  };
  return bindings.filter(({ role }) => role === PUBLISHER_ROLE).flatMap(({ members = [] }) => members);
}
