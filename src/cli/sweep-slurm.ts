import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { ResourceError, UsageError } from "../errors/index.js";
import type { PlannedTask } from "../sweep/index.js";
import { print, printJson } from "./output.js";
import { readCount, readKernelsName, readThreads, sweepPlace, type TaskFlags } from "./sweep-flags.js";
import { localMachine, programFile } from "./sweep-machine.js";
import { count } from "./sweep-text.js";

interface SlurmFlags extends TaskFlags {
  readonly submit?: boolean;
  readonly partition?: string;
  readonly time?: string;
  readonly arrayLimit?: string;
  readonly threads?: string;
}

/** SLURM's MaxArraySize where nobody has changed it: one more than the largest index. */
const MAX_ARRAY_SIZE = 1001;

/** The default time limit: so many times the longest estimate, at least half an hour, in steps. In seconds. */
const TIME_MARGIN = 3;
const LEAST_TIME = 1800;
const TIME_STEP = 600;

/** `rbm-rg sweep slurm`: batch scripts for the tasks that are not done, and their submission. */
export async function runSlurm(file: string, flags: SlurmFlags): Promise<void> {
  const threads = readThreads("--threads", flags.threads);
  const kernels = readKernelsName(flags.kernels);
  const arrayLimit =
    flags.arrayLimit === undefined ? null : readCount("--array-limit", flags.arrayLimit, 1, 100_000);
  const time = flags.time === undefined ? null : readTime(flags.time);
  const partition = flags.partition === undefined ? null : readPartition(flags.partition);
  const { arrayScript, collectScript, planSweep, shellWord, surveySweep, sweepLayout } =
    await import("../sweep/index.js");
  const { createFolder, writeFileAtomic } = await import("../io/index.js");
  const { VERSION } = await import("../runs/version.js");
  const place = await sweepPlace(file, flags);
  const { plan } = await planSweep(place, localMachine, { extend: false });
  const tasks = surveySweep(plan, place.folder)
    .filter(({ state }) => state !== "done")
    .map(({ task }) => task);
  if (tasks.length === 0) {
    if (flags.json === true) printJson({ sweep: place.folder, tasks: 0 });
    else print(`${place.folder}: every task is done; nothing to submit.`);
    return;
  }
  const request = {
    name: plan.name,
    file: resolve(file),
    folder: resolve(place.folder),
    workingFolder: process.cwd(),
    program: [process.execPath, programFile],
    tasks,
    partition,
    time: time ?? defaultTime(tasks),
    arrayLimit,
    threads,
    kernels,
    version: VERSION,
  };
  const folder = sweepLayout.slurm(place.folder);
  const scripts = { array: join(folder, "array.sh"), collect: join(folder, "collect.sh") };
  createFolder(folder);
  writeFileAtomic(scripts.array, arrayScript(request));
  writeFileAtomic(scripts.collect, collectScript(request));
  if (tasks.at(-1)!.index >= MAX_ARRAY_SIZE && flags.quiet !== true) {
    process.stderr.write(
      `rbm-rg: the largest index is ${tasks.at(-1)!.index}; the cluster must allow it (scontrol show config, MaxArraySize, often ${MAX_ARRAY_SIZE}).\n`,
    );
  }
  const jobs = flags.submit === true ? submit(scripts) : null;
  if (flags.json === true) printJson({ sweep: place.folder, tasks: tasks.length, scripts, jobs });
  else if (jobs !== null) {
    print(
      `submitted ${count(tasks.length, "task")} as job ${jobs.array}; job ${jobs.collect} then writes ${join(folder, "results.csv")}`,
    );
  } else {
    print(
      `written: ${scripts.array} (${count(tasks.length, "task")}), ${scripts.collect}\nsubmit with:\n` +
        `  job=$(sbatch --parsable ${shellWord(scripts.array)})\n` +
        `  sbatch --dependency="afterany:\${job%%;*}" ${shellWord(scripts.collect)}`,
    );
  }
}

/** Submit both scripts, the second to start when the first has ended however. The job's number ends at a semicolon. */
function submit(scripts: { readonly array: string; readonly collect: string }): {
  readonly array: string;
  readonly collect: string;
} {
  const array = sbatch(["--parsable", scripts.array]);
  return { array, collect: sbatch(["--parsable", `--dependency=afterany:${array}`, scripts.collect]) };
}

function sbatch(args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync("sbatch", args, { encoding: "utf8" });
  if (error !== undefined) {
    throw new ResourceError(
      `cannot run sbatch (${error.message}); is this a login node of the cluster? The scripts are written.`,
    );
  }
  const job = stdout.trim().split(";")[0];
  if (status !== 0 || !/^\d+$/.test(job)) {
    throw new ResourceError(`sbatch ${args.join(" ")} did not submit: ${(stderr || stdout).trim()}`);
  }
  return job;
}

function readTime(text: string): string {
  if (/^(\d+-)?\d{1,3}:[0-5]\d:[0-5]\d$/.test(text)) return text;
  throw new UsageError(`--time ${text}: expected hh:mm:ss or days-hh:mm:ss, such as 02:30:00.`);
}

function readPartition(text: string): string {
  if (/^[\w.,-]+$/.test(text)) return text;
  throw new UsageError(`--partition ${text}: expected the name of a partition (sinfo lists them).`);
}

function defaultTime(tasks: readonly PlannedTask[]): string {
  const longest = tasks.reduce((most, { seconds }) => Math.max(most, seconds), 0);
  const seconds = TIME_STEP * Math.ceil(Math.max(LEAST_TIME, TIME_MARGIN * longest) / TIME_STEP);
  const part = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  return `${part(seconds / 3600)}:${part((seconds % 3600) / 60)}:00`;
}
