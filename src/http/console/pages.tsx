import type { MessageRecord, QuarantineItem } from "../../core/records.ts";
import { DecisionButtons } from "./decision-buttons.tsx";
import { Form, page, type Viewer } from "./layout.tsx";
import { Titles, time } from "./table.tsx";

export function signInPage(options: {
  readonly link: string | null;
  readonly withToken: boolean;
  readonly failed: boolean;
  /** Page of the console to go on to. */
  readonly next?: string | undefined;
}): string {
  return page(
    "Sign in",
    undefined,
    <article>
      <h1>Sign in</h1>
      {options.failed && <p role="alert">That did not work. Links work once and for an hour.</p>}
      {options.link !== null && (
        <form method="post" action="/sign-in">
          <input type="hidden" name="link" value={options.link} />
          <button type="submit">Sign in to this console</button>
        </form>
      )}
      {options.link === null && options.withToken && (
        <form method="post" action="/sign-in">
          {options.next !== undefined && <input type="hidden" name="next" value={options.next} />}
          {/* For password managers: there is one name only. */}
          <input type="text" name="name" value="administrator" autocomplete="username" readOnly hidden />
          <label>
            Administrator token
            <input type="password" name="token" autocomplete="current-password" required />
          </label>
          <button type="submit">Sign in</button>
        </form>
      )}
      {options.link === null && !options.withToken && <p>Open the link that Postern printed when it started.</p>}
    </article>,
  );
}

export function overviewPage(
  viewer: Viewer,
  incidents: readonly MessageRecord[],
  quarantine: readonly QuarantineItem[],
): string {
  return page(
    "Incidents",
    viewer,
    <>
      <section>
        <h1>Incidents</h1>
        {incidents.length === 0 ? <p>No incidents yet.</p> : <IncidentTable incidents={incidents} />}
      </section>
      <section id="quarantine">
        <h2>Quarantine</h2>
        {quarantine.length === 0 ? <p>Nothing is held.</p> : <QuarantineTable viewer={viewer} items={quarantine} />}
      </section>
    </>,
  );
}

function IncidentTable({ incidents }: { readonly incidents: readonly MessageRecord[] }) {
  return (
    <figure>
      <table class="striped">
        <Titles of={["Time (UTC)", "Verdict", "Sender", "Subject", "Recipients", "Found", "Actions"]} />
        <tbody>
          {incidents.map((incident) => (
            <tr key={incident.id}>
              <td>
                <a href={`/incidents/${encodeURIComponent(incident.id)}`}>{time(incident.scannedAt)}</a>
              </td>
              <td>
                <mark class={incident.verdict}>{incident.verdict}</mark>
              </td>
              <td>{incident.sender}</td>
              <td>{incident.subject}</td>
              <td>{incident.recipients.map((recipient) => recipient.address).join(", ")}</td>
              <td>{incident.findings.map((finding) => `${finding.detector} (${finding.count})`).join(", ")}</td>
              <td>{summary(incident)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function QuarantineTable({ viewer, items }: { readonly viewer: Viewer; readonly items: readonly QuarantineItem[] }) {
  return (
    <figure>
      <table class="striped">
        <Titles of={["State", "Sender", "Subject", "Expires (UTC)", "Decision"]} />
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <td>{item.final ? `${item.state}, final` : item.state}</td>
              <td>{item.sender}</td>
              <td>
                <a href={`/incidents/${encodeURIComponent(item.incident)}`}>{item.subject}</a>
              </td>
              <td>{time(item.expiresAt)}</td>
              <td>{item.state === "held" && <Decision viewer={viewer} item={item} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function Decision({ viewer, item }: { readonly viewer: Viewer; readonly item: QuarantineItem }) {
  const path = `/quarantine/${encodeURIComponent(item.id)}`;
  return (
    <Form action={path} viewer={viewer}>
      <input type="text" name="reason" aria-label="Reason" placeholder="Reason" maxLength={2_000} />
      <DecisionButtons final={item.final} />
    </Form>
  );
}

export function incidentPage(viewer: Viewer, incident: MessageRecord): string {
  return page(
    "Incident",
    viewer,
    <>
      <h1>{incident.subject === "" ? "(no subject)" : incident.subject}</h1>
      <p>
        <mark class={incident.verdict}>{incident.verdict}</mark> {incident.sender}, {time(incident.scannedAt)} UTC,{" "}
        {incident.status}
      </p>
      <Facts
        title="Recipients"
        rows={incident.recipients.map((r) => [
          r.address,
          r.external ? "external" : "internal",
          r.verdict,
          r.rules.join(", "),
        ])}
      />
      <Facts
        title="Found"
        rows={incident.findings.map((f) => [
          f.detector,
          f.part,
          `${f.count} (${f.occurrences})`,
          f.confidence,
          f.masked.join(", "),
        ])}
      />
      <Facts title="Not read" rows={incident.problems.map((p) => [p.part, p.code, p.detail])} />
      <Facts
        title="Actions"
        rows={incident.actions.map((a) => [a.kind, a.target, a.state, a.reason ?? "", time(a.at)])}
      />
    </>,
  );
}

function Facts({ title, rows }: { readonly title: string; readonly rows: readonly (readonly string[])[] }) {
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <figure>
        <table>
          <tbody>
            {rows.map((row) => (
              <tr key={row.join("\n")}>
                {row.map((cell, column) => (
                  <td key={`${column}-${cell}`}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </figure>
    </section>
  );
}

export function messagePage(viewer: Viewer | undefined, title: string, sentence: string): string {
  return page(
    title,
    viewer,
    <article>
      <h1>{title}</h1>
      <p>{sentence}</p>
      <a href="/">Back</a>
    </article>,
  );
}

function summary(incident: MessageRecord): string {
  const counted = new Map<string, number>();
  for (const action of incident.actions) {
    const key = `${action.kind} ${action.state}`;
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  return [...counted].map(([key, count]) => (count === 1 ? key : `${count} × ${key}`)).join(", ");
}
