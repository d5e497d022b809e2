import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ChildEnd, draftPlan, type Machine, type Plan, type StopSignal } from "../../src/sweep/index.js";

/** Write a sweep file and return its path. */
export function sweepFile(folder: string, text: string, name = "sweep.yaml"): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The plan a sweep file makes, nothing written. */
export function planOf(path: string, choice: { readonly scale?: string; readonly seed?: string } = {}): Plan {
  return draftPlan({ file: path, ...choice });
}

/** How a child ends that a test machine starts: at once, or when it is sent a signal. */
export type Behaviour = (args: readonly string[], launch: number) => ChildEnd | "until-signalled";

/** A machine whose children only pretend: a successful one leaves what the sweep looks for. */
export class TestMachine implements Machine {
  /** The arguments of every child, in order. */
  readonly launched: (readonly string[])[] = [];
  readonly signals: StopSignal[] = [];
  /** The most children at a time. */
  busiest = 0;
  #running = 0;

  constructor(private readonly behaviour: Behaviour = () => ({ code: 0, signal: null })) {}

  timestamp(): string {
    return "2026-01-01T00:00:00.000Z";
  }

  launch(args: readonly string[], log: string) {
    this.launched.push(args);
    this.busiest = Math.max(this.busiest, ++this.#running);
    const end = this.behaviour(args, this.launched.length);
    let signalled: (end: ChildEnd) => void = () => undefined;
    const ended = new Promise<ChildEnd>((resolve) => {
      if (end === "until-signalled") signalled = resolve;
      else {
        setTimeout(() => {
          resolve(end);
        }, 5);
      }
    }).then((found) => {
      this.#running--;
      const out = args[args.indexOf("-o") + 1];
      if (found.code === 0) {
        mkdirSync(out, { recursive: true });
        const manifest = { status: "finished", config: {}, timings: [{ phase: "training", seconds: 1 }] };
        writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest));
      } else appendFileSync(log, "rbm-rg: it went wrong, as planned.\n");
      return found;
    });
    return {
      ended,
      kill: (signal: StopSignal) => {
        this.signals.push(signal);
        signalled({ code: { SIGINT: 130, SIGTERM: 143, SIGUSR1: 75 }[signal], signal: null });
      },
    };
  }
}
