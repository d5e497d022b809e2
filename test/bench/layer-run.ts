import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { limitedThreads, type Toolbox } from "./toolbox.js";
import { runProcess } from "./whole-process.js";

/** One layer trained on sampled configurations, as a whole process: what is asked for. */
export interface LayerTask {
  readonly samples: number;
  readonly epochs: number;
  readonly threads: number;
}

/** … and what it took, in seconds and MB. */
export interface LayerRun {
  readonly total: number;
  readonly sampling: number;
  readonly training: number;
  readonly peakMegabytes: number;
}

/** Mehta and Schwab's first layer. */
export const SETTING = { side: 40, coupling: 0.408, hidden: 400, batch: 100 } as const;

/** Wolff clusters between samples, and before the first: 18 clusters flip about N spins at this K. */
const SPACING = 18;
const THERMALIZATION = 900;

/** `rbm-rg train`: sampling, training, tables and figures, in a fresh process. */
export async function runProject(root: URL, tools: Toolbox, task: LayerTask): Promise<LayerRun> {
  const folder = join(tools.folder, "run");
  const usage = join(tools.folder, "usage.json");
  rmSync(folder, { recursive: true, force: true });
  const preload = new URL("./usage-preload.js", import.meta.url).href;
  const program = fileURLToPath(new URL("bin/rbm-rg.js", root));
  const args = ["--import", preload, program, ...trainArguments(task, folder)];
  const env = { ...process.env, RBM_RG_BENCH_USAGE: usage };
  const { seconds } = await runProcess(process.execPath, args, env);
  const { timings } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as {
    readonly timings: readonly { readonly phase: string; readonly seconds: number }[];
  };
  const phase = (name: string): number => {
    const timing = timings.find((entry) => entry.phase === name);
    if (timing === undefined) throw new Error(`the run's manifest has no timing of its ${name}`);
    return timing.seconds;
  };
  const { peakMegabytes } = JSON.parse(readFileSync(usage, "utf8")) as { readonly peakMegabytes: number };
  return { total: seconds, sampling: phase("sampling"), training: phase("training"), peakMegabytes };
}

function trainArguments({ samples, epochs, threads }: LayerTask, folder: string): readonly string[] {
  const { side, coupling, hidden, batch } = SETTING;
  const values = {
    "--lattice": `${side}x${side}`,
    "--coupling": coupling,
    "--samples": samples,
    "--algorithm": "wolff",
    "--spacing": SPACING,
    "--hidden": hidden,
    "--units": "binary",
    "--estimator": "cd",
    "--epochs": epochs,
    "--batch-size": batch,
    "--learning-rate": 0.01,
    "--threads": threads,
    "--set": "train.centered=false",
    "--out": folder,
  };
  return ["train", "--quiet", ...Object.entries(values).flatMap(([flag, value]) => [flag, String(value)])];
}

/** Compile the peer's Numba code once, so that no round pays for it. */
export async function preparePeer(tools: Toolbox, python: string): Promise<void> {
  await runPeerProcess(tools, python, { samples: 0, epochs: 0, threads: 1 });
}

/** Numba Wolff, scikit-learn BernoulliRBM, weights and configurations written; no figures. */
export async function runPeer(tools: Toolbox, python: string, task: LayerTask): Promise<LayerRun> {
  const { seconds, output } = await runPeerProcess(tools, python, task);
  return { ...(JSON.parse(output) as Omit<LayerRun, "total">), total: seconds };
}

function runPeerProcess(
  tools: Toolbox,
  python: string,
  { samples, epochs, threads }: LayerTask,
): ReturnType<typeof runProcess> {
  const options = {
    ...SETTING,
    samples,
    epochs,
    spacing: SPACING,
    thermalization: THERMALIZATION,
    out: join(tools.folder, "peer-run"),
  };
  const env = { ...limitedThreads(threads), NUMBA_CACHE_DIR: join(tools.folder, "numba") };
  return runProcess(python, [tools.source("train_layer.py"), JSON.stringify(options)], env);
}
