import { existsSync, readdirSync, watch } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { type RunningProgram, start, until } from "./kills.js";

/** What a run can be at. */
const phases = ["sampling", "training", "checkpointing", "reporting"] as const;

type Phase = (typeof phases)[number];

/** What became of a run that was killed again and again. */
export interface KilledRun {
  /** Kills that hit a running program, by what its folder says it was at; `starting` is all before sampling. */
  readonly kills: Readonly<Record<Phase | "starting", number>>;
  /** Starts that went on from a checkpoint. */
  readonly resumed: number;
}

/** A run to be killed: its folder, and a file that is there once its last layer is trained. */
export interface Victim {
  readonly folder: string;
  readonly args: readonly string[];
  readonly run: string;
  readonly trained: string;
}

/**
 * Run a command and kill it (SIGKILL) at a moment drawn at random, by turns in each phase and anywhere; and again, until
 * `count` kills have hit; then let it finish. To be killed in sampling, and once it has finished, it starts anew with
 * --force. `onFinished` is called whenever it is finished.
 */
export async function killRun(
  victim: Victim,
  count: number,
  seed: string,
  onFinished: () => void,
): Promise<KilledRun> {
  const stream = new RandomStream(seedKey(seed));
  const kills = { starting: 0, sampling: 0, training: 0, checkpointing: 0, reporting: 0 };
  let [hits, resumed, finished] = [0, 0, false];
  while (hits < count) {
    const target = [...phases, null][hits % 5];
    const anew = finished || target === "sampling";
    const program = start(victim.folder, ...victim.args, ...(anew ? ["--force"] : []));
    await Promise.race([program.ended, moment(victim, target, stream)]);
    program.child.kill("SIGKILL");
    const { status, signal, stderr } = await program.ended;
    if (stderr.includes("continue")) resumed++;
    finished = status === 0;
    if (finished) onFinished();
    else if (signal === "SIGKILL") {
      kills[phaseOf(victim)]++;
      hits++;
    } else throw new Error(`exit code ${String(status)} after ${hits} kills: ${stderr}`);
  }
  await finish(start(victim.folder, ...victim.args), onFinished);
  return { kills, resumed };
}

async function finish({ ended }: RunningProgram, onFinished: () => void): Promise<void> {
  const { status, stderr } = await ended;
  if (status !== 0) throw new Error(`exit code ${String(status)} after the last kill: ${stderr}`);
  onFinished();
}

/** Wait for a moment in a phase, null: for any. */
async function moment({ run, trained }: Victim, phase: Phase | null, stream: RandomStream): Promise<void> {
  const wait = (longest: number): Promise<void> => sleep(Math.round(stream.nextUniform() * longest));
  const appeared = (name: string): Promise<void> =>
    until(() => existsSync(join(run, name)), `there is ${name}`);
  switch (phase) {
    case "sampling":
      await until(() => existsSync(join(run, "config.yaml")) && !existsSync(join(run, "data")), "it samples");
      await wait(200);
      return;
    case "training":
      await appeared("metrics.csv");
      await wait(1000);
      return;
    case "checkpointing":
      await appeared("checkpoint");
      await changes(join(run, "checkpoint"), 1 + Math.floor(stream.nextUniform() * 10));
      return;
    case "reporting":
      await appeared(trained);
      await wait(600);
      return;
    case null:
      await wait(2500);
  }
}

/** Wait until something has changed in a folder so many times: there, a file is being written. */
async function changes(folder: string, count: number): Promise<void> {
  await new Promise<void>((resolve) => {
    let seen = 0;
    const watcher = watch(folder, () => {
      if (++seen < count) return;
      watcher.close();
      resolve();
    });
    // Deleted once the run has finished.
    watcher.once("error", () => undefined);
    watcher.unref();
  });
}

/** What a killed run was at. */
function phaseOf({ run, trained }: Victim): keyof KilledRun["kills"] {
  const has = (name: string): boolean => existsSync(join(run, name));
  if (!has("config.yaml")) return "starting";
  if (has("checkpoint") && readdirSync(join(run, "checkpoint")).some((name) => name.endsWith(".tmp")))
    return "checkpointing";
  if (has(trained)) return "reporting";
  return has("data") ? "training" : "sampling";
}
