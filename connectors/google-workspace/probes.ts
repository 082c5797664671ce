import { PosternError } from "../../src/core/errors.ts";
import type { GoogleTenantSettings } from "../../src/core/tenant.ts";
import { noticeMailbox } from "./allowed-mailboxes.ts";
import type { Probe } from "./checks.ts";
import type { Tokens } from "./credentials.ts";
import type { DirectoryApi } from "./directory-api.ts";
import type { Gmail } from "./gmail-mailbox.ts";
import { type Job, SCOPES } from "./scopes.ts";
import { WATCHED_LABELS } from "./stages.ts";

export interface ProbeDeps {
  readonly settings: GoogleTenantSettings;
  readonly tokens: Tokens;
  readonly directory: DirectoryApi;
  /** The mailbox that stands for all. */
  readonly gmail: Gmail;
  readonly topic: string;
  /** Pulls once, and creates the subscription when it is missing. */
  readonly pullOnce: () => Promise<unknown>;
  /** After so many idle days the subscription is deleted; null when never. */
  readonly idleDays: () => Promise<number | null>;
  readonly signal: AbortSignal;
}

/** The steps of setting up a tenant, in the order in which an administrator takes them. */
export function setUpProbes(deps: ProbeDeps): readonly Probe[] {
  const { settings, tokens, directory, gmail, topic, signal } = deps;
  const inRole = (what: string) => `Give adminEmail an administrator role that may read ${what}.`;
  return [
    {
      name: "token",
      needs: "service account",
      grant: "Send the service account's key file, or set up keyless signing.",
      run: () => tokens.get(null, "pubsub", signal),
    },
    { name: "users", needs: SCOPES.users[0], grant: inRole("users"), run: () => directory.users(1) },
    { name: "domains", needs: SCOPES.domains[0], grant: inRole("domains"), run: () => directory.domains() },
    { name: "groups", needs: SCOPES.groups[0], grant: inRole("groups"), run: () => directory.groups(1) },
    {
      name: "mailbox",
      needs: "Gmail of the probed user",
      grant: "Turn Gmail on for the watched users, or watch only users who have it.",
      run: () => gmail.profile(),
    },
    { name: "read-message", needs: SCOPES.read[0], grant: delegate("read"), run: () => readOne(gmail) },
    {
      name: "watch",
      needs: "roles/pubsub.publisher on the topic",
      grant: `Create the topic ${topic} in the service account's project and grant gmail-api-push@system.gserviceaccount.com roles/pubsub.publisher on it.`,
      run: () => gmail.watch(topic, WATCHED_LABELS),
    },
    { ...(settings.pubsub.delivery === "pull" ? pullProbe(deps) : pushProbe(settings)), note: () => idleNote(deps) },
    changeProbe("modify-message", "modify", gmail.address),
    changeProbe("labels", "labels", gmail.address),
    changeProbe("send-notice", "send", noticeMailbox(settings)),
  ];

  /** A change cannot be tried without changing something, so its token is: refused when the scope is missing. */
  function changeProbe(name: string, job: Job, mailbox: string): Probe {
    return {
      name,
      respondOnly: true,
      needs: SCOPES[job][0],
      grant: delegate(job),
      run: () => tokens.get({ mailbox, purpose: "set-up" }, job, signal),
    };
  }
}

function delegate(job: Job): string {
  return `Grant the scope ${SCOPES[job][0]} to the service account in domain-wide delegation.`;
}

/** The search proves the scope where there is nothing to read. */
async function readOne(gmail: Gmail): Promise<void> {
  const { messages } = await gmail.messages({ labels: ["SENT"], q: "in:sent", limit: 1 });
  const [first] = messages;
  if (first !== undefined) await gmail.raw(first.id);
}

async function idleNote({ settings, idleDays }: ProbeDeps): Promise<string | undefined> {
  const days = await idleDays();
  if (days === null) return undefined;
  return `Pub/Sub deletes the subscription after ${days} days without use: gcloud pubsub subscriptions update ${settings.pubsub.subscription} --expiration-period never`;
}

function pullProbe({ settings, pullOnce }: ProbeDeps): Probe {
  return {
    name: "subscription",
    needs: "roles/pubsub.subscriber on the subscription",
    grant: `Create the pull subscription ${settings.pubsub.subscription} on the topic, expiration "never", and grant the service account roles/pubsub.subscriber on it.`,
    run: pullOnce,
  };
}

function pushProbe({ pubsub }: GoogleTenantSettings): Probe {
  return {
    name: "subscription",
    needs: "audience and serviceAccount of the push subscription",
    grant: "Set pubsub.audience and pubsub.serviceAccount to those of the push subscription's OIDC token.",
    run: async () => {
      if (pubsub.audience !== undefined && pubsub.serviceAccount !== undefined) return;
      throw new PosternError("CONFIG_INVALID", "Push delivery needs an audience and a service account", {
        details: { setting: "pubsub" },
      });
    },
  };
}
