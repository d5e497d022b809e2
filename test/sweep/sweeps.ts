import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
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

/** How a child ends that a test machine starts: at once, perhaps with a message, or when it is sent a signal. */
export type Behaviour = (
  args: readonly string[],
  launch: number,
) => (ChildEnd & { readonly says?: string }) | "until-signalled";

/** A machine whose children only pretend: a successful one leaves what the sweep looks for. */
export class TestMachine implements Machine {
  /** The arguments of every child, in order. */
  readonly launched: (readonly string[])[] = [];
  readonly signals: StopSignal[] = [];
  /** The most children at a time. */
  busiest = 0;
  /** What sampling leaves. */
  sampled = (folder: string): void => {
    writeFileSync(join(folder, "manifest.json"), '{"kind":"dataset"}');
  };
  #running = 0;

  constructor(private readonly behaviour: Behaviour = () => ({ code: 0, signal: null })) {}

  /** Leave what a successful child would. */
  protected finish([command, , config]: readonly string[], out: string): void {
    mkdirSync(out, { recursive: true });
    if (command === "sample") this.sampled(out);
    else leaveRun(out, "finished", parse(readFileSync(config, "utf8")) as object);
  }

  timestamp(): string {
    return "2026-01-01T00:00:00.000Z";
  }

  launch(args: readonly string[], log: string) {
    this.launched.push(args);
    this.busiest = Math.max(this.busiest, ++this.#running);
    const end = this.behaviour(args, this.launched.length);
    const { says = "it went wrong, as planned" } = end === "until-signalled" ? {} : end;
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
      if (found.code === 0) this.finish(args, out);
      else appendFileSync(log, `rbm-rg: ${says}.\n`);
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

/** Leave a run with its manifest in a folder that is named by its id, or of another identity. */
export function leaveRun(
  run: string,
  status: string,
  config: object,
  files: Record<string, string> = {},
  identity = basename(run).padEnd(64, "0"),
): void {
  mkdirSync(run, { recursive: true });
  const timings = [{ phase: "training", seconds: 1 }];
  const manifest = { kind: "run", status, identity, config, timings, files };
  writeFileSync(join(run, "manifest.json"), JSON.stringify(manifest));
}
