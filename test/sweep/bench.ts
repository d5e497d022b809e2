import { join } from "node:path";
import { type Progress, silentProgress } from "../../src/experiment/environment.js";
import type { EventSink } from "../../src/runs/events.js";
import {
  countStates,
  InputCheck,
  type Plan,
  planSweep,
  runSweep,
  StopRequest,
  surveySweep,
  type SweepOptions,
  type TaskSetting,
} from "../../src/sweep/index.js";
import { temporaryFolder } from "../io/temporary.js";
import { type Behaviour, sweepFile, TestMachine } from "./sweeps.js";

/** A sweep of six tasks. */
export const varied =
  "base: { sample: { lattice: 4x4, coupling: 0.4 } }\nmatrix: { sample.temperature: [1, 2, 3, 4, 5, 6] }\n";
/** A sweep of six tasks that share two datasets. */
export const sharing =
  "base: { sample: { lattice: 4x4 } }\nmatrix: { sample.temperature: [2, 3], train.l1: [0, 0.1, 0.2] }\n";

export const usual: SweepOptions = { jobs: 2, threads: 1, kernels: null, retry: 0, keepGoing: false };

/** A sweep that is planned, a machine to run it on, and what it does there. */
export interface Bench {
  readonly plan: Plan;
  readonly sweep: string;
  readonly machine: TestMachine;
  readonly stop: StopRequest;
  readonly run: (
    options?: Partial<SweepOptions>,
    progress?: Progress,
    events?: EventSink,
  ) => ReturnType<typeof runSweep>;
  /** What tasks are run with one by one. */
  readonly setting: TaskSetting;
  readonly states: () => Partial<ReturnType<typeof countStates>>;
}

/** Plan a sweep file and be ready to run it on a machine whose children only pretend. */
export async function bench(content: string, behaviour?: Behaviour): Promise<Bench> {
  const folder = temporaryFolder();
  const machine = new TestMachine(behaviour);
  const sweep = join(folder, "out");
  const { plan } = await planSweep({ file: sweepFile(folder, content), folder: sweep }, machine, {
    extend: false,
  });
  const stop = new StopRequest();
  return {
    plan,
    sweep,
    machine,
    stop,
    setting: { plan, sweep, machine, options: usual, stop, inputs: new InputCheck(plan) },
    run: (options = {}, progress = silentProgress, events?: EventSink) =>
      runSweep(plan, sweep, machine, { ...usual, ...options }, stop, progress, events),
    states: () =>
      Object.fromEntries(
        Object.entries(countStates(surveySweep(plan, sweep))).filter(([, count]) => count > 0),
      ),
  };
}

/** Wait until something holds. */
export async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 120_000; tries++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("waited for too long");
}
