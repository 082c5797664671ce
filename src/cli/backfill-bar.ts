import { SingleBar } from "cli-progress";
import type { ShownBackfill } from "./backfill.ts";

export interface BackfillBar {
  show(backfill: ShownBackfill): void;
  stop(): void;
}

/** A progress bar on standard error, when it is a terminal. Its end is known when all mailboxes are listed. */
export function openBackfillBar(stream: NodeJS.WriteStream = process.stderr): BackfillBar {
  if (!stream.isTTY) return { show: () => undefined, stop: () => undefined };
  let bar: SingleBar | undefined;
  return {
    show({ counts, mailboxes, state }) {
      const { listed, scanned, already, skipped, failed, incidents } = counts;
      const done = scanned + already + skipped + failed;
      const listing = mailboxes.listed + mailboxes.failed < mailboxes.total;
      const phase = listing ? `listing ${mailboxes.listed}/${mailboxes.total} mailboxes` : state;
      if (!bar) {
        const format = "{bar} {value}/{total} | {eta_formatted} | {incidents} incidents | {phase}";
        bar = new SingleBar({ stream, format, clearOnComplete: true, hideCursor: true });
        bar.start(listed, done, { incidents, phase });
      }
      bar.setTotal(listed);
      bar.update(done, { incidents, phase });
    },
    stop() {
      bar?.stop();
    },
  };
}
