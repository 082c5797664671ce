import type { QuarantineItem } from "../../core/records.ts";
import { DecisionButtons } from "./decision-buttons.tsx";
import { Form, page, type Viewer } from "./layout.tsx";

/**
 * Where the link in a notice leads: says nothing of the message, does nothing, and has nothing that acts by itself,
 * since mail scanners open links. It is also the step from another site to this one after which cookies are sent.
 */
export function linkPage(review: string): string {
  return page(
    "A decision",
    undefined,
    <article>
      <h1>A decision is asked of you</h1>
      <p>Nothing was decided by opening this page.</p>
      <a href={review}>Sign in and look at the message</a>
    </article>,
  );
}

export function decisionPage(viewer: Viewer, item: QuarantineItem, action: string): string {
  const { sender, recipients, subject, state, final } = item;
  return page(
    "A decision",
    viewer,
    <article>
      <h1>{subject === "" ? "(no subject)" : subject}</h1>
      <p>
        {sender} to {recipients.join(", ")}
      </p>
      <p>
        <a href={`/incidents/${encodeURIComponent(item.incident)}`}>What was found</a>
      </p>
      {state === "held" ? <Choice viewer={viewer} action={action} final={final} /> : <p>It was {state} already.</p>}
    </article>,
  );
}

function Choice({
  viewer,
  action,
  final,
}: {
  readonly viewer: Viewer;
  readonly action: string;
  readonly final: boolean;
}) {
  return (
    <Form action={action} viewer={viewer}>
      <label>
        Reason
        <input type="text" name="reason" maxLength={2_000} />
      </label>
      <DecisionButtons final={final} />
    </Form>
  );
}
