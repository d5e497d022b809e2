import cliProgress from "cli-progress";
import type { Progress } from "../experiment/environment.js";

/** Milliseconds between looks at the event loop (signals, redraws) … */
const BREATH = 100;
/** … and between lines where the terminal is not one. */
const LINE_INTERVAL = 5000;

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Progress on stderr: a bar on a terminal, else a line every five seconds, or nothing but warnings with `quiet`. */
export function terminalProgress(quiet: boolean): Progress {
  const note = (message: string): void => {
    process.stderr.write(`rbm-rg: ${message}\n`);
  };
  if (quiet) return { start: () => undefined, update: () => undefined, finish: () => undefined, note };
  return process.stderr.isTTY ? barProgress(note) : lineProgress(note);
}

function barProgress(note: Progress["note"]): Progress {
  let bar: cliProgress.SingleBar | null = null;
  let last = 0;
  const finish = (): void => {
    bar?.stop();
    bar = null;
  };
  return {
    start(phase, total) {
      finish();
      bar = new cliProgress.SingleBar(
        {
          format: `${phase} [{bar}] {percentage}% | {detail} | ETA {eta_formatted}`,
          barCompleteChar: "=",
          barIncompleteChar: " ",
          // An interrupt ends the process at once; a hidden cursor would stay hidden, a handler would delay it.
          hideCursor: false,
          gracefulExit: false,
          stream: process.stderr,
          etaBuffer: 200,
        },
        cliProgress.Presets.legacy,
      );
      bar.start(total, 0, { detail: "" });
    },
    update(done, detail = "") {
      bar?.update(done, { detail });
      if (Date.now() - last < BREATH) return undefined;
      last = Date.now();
      return breathe();
    },
    finish,
    note,
  };
}

function lineProgress(note: Progress["note"]): Progress {
  let phase = "";
  let total = 0;
  let started = 0;
  let printed = 0;
  let last = 0;
  return {
    start(name, steps) {
      [phase, total, started] = [name, steps, Date.now()];
      printed = started;
    },
    update(done, detail = "") {
      const now = Date.now();
      if (now - last < BREATH) return undefined;
      last = now;
      if (now - printed >= LINE_INTERVAL) {
        printed = now;
        const remaining = ((now - started) / done) * (total - done);
        const percent = Math.floor((100 * done) / total);
        process.stderr.write(`${phase}: ${percent} % ${detail} (about ${duration(remaining)} left)\n`);
      }
      return breathe();
    },
    finish: () => undefined,
    note,
  };
}

/** Milliseconds as people say them: 45 s, 3 min 20 s, 2 h 05 min. */
function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
