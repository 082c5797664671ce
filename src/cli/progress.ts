import { SingleBar } from "cli-progress";

/** A short scan shows no bar. */
const QUIET_MS = 2_000;

export interface Progress {
  readonly step: (source: string) => void;
  readonly stop: () => void;
}

/** A progress bar on standard error, when it is a terminal and the work takes longer than two seconds. */
export function openProgress(total: number | undefined, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { step: () => undefined, stop: () => undefined };
  const begun = performance.now();
  let done = 0;
  let bar: SingleBar | undefined;
  return {
    step(source) {
      done += 1;
      if (!bar && performance.now() - begun > QUIET_MS) {
        bar = new SingleBar({
          stream,
          format:
            total === undefined ? "{value} scanned | {source}" : "{bar} {value}/{total} | {eta_formatted} | {source}",
          clearOnComplete: true,
          hideCursor: true,
        });
        bar.start(total ?? 1, done, { source });
      }
      bar?.update(done, { source: source.slice(-60) });
    },
    stop() {
      bar?.stop();
    },
  };
}
