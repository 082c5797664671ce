import type { ExportDeadLetter, ExportJob, ExportRun } from "../../core/export-store.ts";
import { Form, page, type Viewer } from "./layout.tsx";
import { Titles, time } from "./table.tsx";

export interface ShownExportJob {
  readonly job: ExportJob;
  /** When the oldest event was written that the job has not delivered; null when there is none. */
  readonly oldestWaiting: Date | null;
}

export function exportJobsPage(viewer: Viewer, jobs: readonly ShownExportJob[], now: Date): string {
  return page(
    "Exports",
    viewer,
    <>
      <h1>Exports</h1>
      {jobs.length === 0 ? (
        <p>No events are exported. `postern export job create` adds a job.</p>
      ) : (
        <figure>
          <table class="striped">
            <Titles
              of={["Name", "State", "Data set", "Destination", "Lines", "Lag", "Dead letters", "Last error", ""]}
            />
            <tbody>
              {jobs.map((shown) => (
                <JobRow key={shown.job.id} viewer={viewer} shown={shown} now={now} />
              ))}
            </tbody>
          </table>
        </figure>
      )}
    </>,
  );
}

function JobRow({
  viewer,
  shown,
  now,
}: {
  readonly viewer: Viewer;
  readonly shown: ShownExportJob;
  readonly now: Date;
}) {
  const { job } = shown;
  return (
    <tr>
      <td>
        <a href={pathOf(job)}>{job.name}</a>
      </td>
      <td>
        <State job={job} />
      </td>
      <td>{job.dataset}</td>
      <td>{job.shownDestination}</td>
      <td>{job.health.lines}</td>
      <td>{lag(shown, now)}</td>
      <td>{job.health.parked}</td>
      <td>{job.health.errorMessage ?? ""}</td>
      <td>
        <Turn viewer={viewer} job={job} />
      </td>
    </tr>
  );
}

export function exportJobPage(
  viewer: Viewer,
  shown: ShownExportJob,
  runs: readonly ExportRun[],
  letters: readonly ExportDeadLetter[],
  now: Date,
): string {
  const { job } = shown;
  const { health } = job;
  return page(
    job.name,
    viewer,
    <>
      <h1>{job.name}</h1>
      <p>
        <State job={job} /> {job.dataset} to {job.shownDestination}
      </p>
      <Turn viewer={viewer} job={job} />
      <table>
        <tbody>
          <Fact name="Delivered" value={`${health.lines} lines, ${health.bytes} bytes in ${health.batches} batches`} />
          <Fact name="Last delivery (UTC)" value={timeOrNever(health.lastComplete)} />
          <Fact name="Lag" value={lag(shown, now)} />
          <Fact name="Retries" value={String(health.retries)} />
          <Fact name="Last error (UTC)" value={[timeOrNever(health.lastError), health.errorMessage ?? ""].join(" ")} />
          <Fact name="Only tenant" value={job.tenantId ?? "all"} />
          <Fact name="Id" value={job.id} />
        </tbody>
      </table>
      {runs.length > 0 && <Backfills runs={runs} />}
      {letters.length > 0 && <Letters viewer={viewer} job={job} letters={letters} />}
    </>,
  );
}

function Backfills({ runs }: { readonly runs: readonly ExportRun[] }) {
  return (
    <section>
      <h2>Backfills</h2>
      <table class="striped">
        <Titles of={["From (UTC)", "Until (UTC)", "State", "Events read"]} />
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <td>{run.since === null ? "the beginning" : time(run.since)}</td>
              <td>{run.until === null ? "the end" : time(run.until)}</td>
              <td>{run.state}</td>
              <td>
                {run.done} of {run.total}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Letters({
  viewer,
  job,
  letters,
}: {
  readonly viewer: Viewer;
  readonly job: ExportJob;
  readonly letters: readonly ExportDeadLetter[];
}) {
  return (
    <section>
      <h2>Dead letters</h2>
      <table class="striped">
        <Titles of={["Time (UTC)", "Tenant", "Events", "Reason", ""]} />
        <tbody>
          {letters.map((letter) => (
            <tr key={letter.id}>
              <td>{time(letter.at)}</td>
              <td>{letter.tenantId}</td>
              <td>
                {letter.firstSequence} to {letter.lastSequence}
              </td>
              <td>{letter.reason}</td>
              <td>
                <Form action={`${pathOf(job)}/dead-letters/${encodeURIComponent(letter.id)}`} viewer={viewer}>
                  <button type="submit">Try again</button>
                </Form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Turn({ viewer, job }: { readonly viewer: Viewer; readonly job: ExportJob }) {
  return (
    <Form action={pathOf(job)} viewer={viewer}>
      <button type="submit" name="turn" value={job.enabled ? "pause" : "resume"} class="secondary">
        {job.enabled ? "Pause" : "Resume"}
      </button>
    </Form>
  );
}

function State({ job }: { readonly job: ExportJob }) {
  if (!job.enabled) return <mark class="warn">paused</mark>;
  return job.health.errorMessage === null ? <>running</> : <mark class="block">failing</mark>;
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{value}</td>
    </tr>
  );
}

function pathOf(job: ExportJob): string {
  return `/exports/${encodeURIComponent(job.id)}`;
}

function lag({ oldestWaiting }: ShownExportJob, now: Date): string {
  return oldestWaiting === null
    ? "none"
    : `${Math.max(0, Math.round((now.getTime() - oldestWaiting.getTime()) / 1_000))} s`;
}

function timeOrNever(date: Date | null): string {
  return date === null ? "never" : time(date);
}
