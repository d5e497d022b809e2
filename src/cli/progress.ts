import cliProgress from "cli-progress";
import type { Progress } from "../experiment/environment.js";

/** Milliseconds between looks at the event loop (signals, redraws) … */
const BREATH = 100;
/** … and between lines where the terminal is not one. */
const LINE_INTERVAL = 5000;

/** A function that lets the event loop turn, so that signals are heard and terminals redrawn, once in a while. */
function breathing(): () => void | Promise<void> {
  let last = 0;
  return () => {
    const now = performance.now();
    if (now - last < BREATH) return undefined;
    last = now;
    return new Promise((resolve) => setImmediate(resolve));
  };
}

/** Progress on stderr: a bar on a terminal, else a line every five seconds, or nothing but warnings with `quiet`. */
export function terminalProgress(quiet: boolean): Progress {
  const note = (message: string): void => {
    process.stderr.write(`rbm-rg: ${message}\n`);
  };
  if (quiet) return { start: () => undefined, update: breathing(), finish: () => undefined, note };
  return process.stderr.isTTY ? barProgress(note) : lineProgress(note);
}

function barProgress(note: Progress["note"]): Progress {
  let bar: cliProgress.SingleBar | null = null;
  const breathe = breathing();
  const finish = (): void => {
    bar?.stop();
    bar = null;
  };
  return {
    start(phase, total, done = 0) {
      finish();
      bar = new cliProgress.SingleBar(
        {
          format: `${phase} [{bar}] {percentage}% | {detail} | ETA {eta_formatted}`,
          barCompleteChar: "=",
          barIncompleteChar: " ",
          // Interrupts are heard elsewhere; one that ends the process at once must not leave the cursor hidden.
          hideCursor: false,
          gracefulExit: false,
          stream: process.stderr,
          etaBuffer: 200,
        },
        cliProgress.Presets.legacy,
      );
      bar.start(total, done, { detail: "" });
    },
    update(done, detail = "") {
      bar?.update(done, { detail });
      return breathe();
    },
    finish,
    note: (message) => {
      finish();
      note(message);
    },
  };
}

function lineProgress(note: Progress["note"]): Progress {
  let phase = "";
  let total = 0;
  let first = 0;
  let started = 0;
  let printed = 0;
  let shown = 0;
  const breathe = breathing();
  return {
    start(name, steps, before = 0) {
      [phase, total, first, started] = [name, steps, before, performance.now()];
      // Of many short phases a line is printed, too.
      printed ||= started;
      shown = before;
    },
    update(done, detail = "") {
      const now = performance.now();
      if (now - printed >= LINE_INTERVAL) {
        printed = now;
        const remaining = ((now - started) / (done - first)) * (total - done);
        // Steps of unequal length: while one lasts, what is left cannot be told.
        const left = Number.isFinite(remaining) && done > shown ? ` (about ${duration(remaining)} left)` : "";
        shown = done;
        const step = detail === "" ? "" : ` ${detail}`;
        process.stderr.write(`${phase}: ${Math.floor((100 * done) / total)} %${step}${left}\n`);
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
