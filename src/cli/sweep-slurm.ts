import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { ResourceError, UsageError } from "../errors/index.js";
import type { Plan, SlurmRequest } from "../sweep/index.js";
import { print, printJson } from "./output.js";
import { readCheckpointInterval } from "./stop-options.js";
import { readCount, readKernelsName, readThreads, sweepPlace, type TaskFlags } from "./sweep-flags.js";
import { localMachine, programFile } from "./sweep-machine.js";
import { count } from "./sweep-text.js";

interface SlurmFlags extends TaskFlags {
  readonly submit?: boolean;
  readonly dryRun?: boolean;
  readonly partition?: string;
  readonly time?: string;
  readonly arrayLimit?: string;
  readonly tasksPerElement?: string;
  readonly threads?: string;
  readonly checkpointEvery?: string;
}

/** Elements that an array may have where nobody has changed SLURM's MaxArraySize. */
const USUAL_ELEMENTS = 1000;

/** The most that makes sense of what is counted. */
const MOST = 100_000;

/** The default time limit: so many times the longest estimate of an element, at least half an hour, in steps. In seconds. */
const TIME_MARGIN = 3;
const LEAST_TIME = 1800;
const TIME_STEP = 600;

/** `rbm-rg sweep slurm`: batch scripts for the tasks that are not done, and their submission. */
export async function runSlurm(file: string, flags: SlurmFlags): Promise<void> {
  const wishes = readWishes(flags);
  const { arrayElements, arrayScript, collectScript, planSweep, surveySweep, sweepLayout } =
    await import("../sweep/index.js");
  const { createFolder, writeFileAtomic } = await import("../io/index.js");
  const { VERSION } = await import("../runs/version.js");
  const place = await sweepPlace(file, flags);
  if (flags.dryRun === true) {
    const { showDraft } = await import("./sweep-plan.js");
    await showDraft(place, flags);
    return;
  }
  const { plan } = await planSweep(place, localMachine, { extend: false });
  const tasks = surveySweep(plan, place.folder)
    .filter(({ state }) => state !== "done")
    .map(({ task }) => task);
  if (tasks.length === 0) {
    if (flags.json === true) printJson({ sweep: place.folder, tasks: 0 });
    else print(`${place.folder}: every task is done; nothing to submit.`);
    return;
  }
  const program = [process.execPath, programFile];
  const elements = arrayElements({ tasks, tasksPerElement: wishes.tasksPerElement });
  const request: SlurmRequest = {
    ...wishes,
    name: plan.name,
    file: resolve(file),
    folder: resolve(place.folder),
    workingFolder: process.cwd(),
    program,
    tasks,
    time: wishes.time ?? defaultTime(plan, elements),
    conclude: await conclusion(program, file, resolve(place.folder), flags),
    version: VERSION,
  };
  const folder = sweepLayout.slurm(place.folder);
  const scripts = { array: join(folder, "array.sh"), collect: join(folder, "collect.sh") };
  const [array, collect] = [arrayScript(request), collectScript(request)];
  createFolder(folder);
  writeFileAtomic(scripts.array, array);
  writeFileAtomic(scripts.collect, collect);
  if (elements.length > USUAL_ELEMENTS && flags.quiet !== true) {
    process.stderr.write(
      `rbm-rg: the array has ${elements.length} elements; the cluster must allow that (scontrol show config, MaxArraySize, often ${USUAL_ELEMENTS + 1}), or give more --tasks-per-element.\n`,
    );
  }
  const jobs = flags.submit === true ? submit(scripts) : null;
  if (flags.json === true) {
    printJson({ sweep: place.folder, tasks: tasks.length, elements: elements.length, scripts, jobs });
    return;
  }
  const what =
    count(tasks.length, "task") +
    (elements.length < tasks.length ? ` in ${count(elements.length, "element")}` : "");
  const then = request.conclude === null ? "" : " and draws the study's conclusions";
  if (jobs !== null) {
    print(
      `submitted ${what} as job ${jobs.array}; job ${jobs.collect} then writes ${join(folder, "results.csv")}${then}`,
    );
  } else await explainSubmission(scripts, what);
}

async function explainSubmission(
  scripts: { readonly array: string; readonly collect: string },
  what: string,
): Promise<void> {
  const { shellWord } = await import("../sweep/index.js");
  print(
    `written: ${scripts.array} (${what}), ${scripts.collect}\nsubmit with:\n` +
      `  job=$(sbatch --parsable ${shellWord(scripts.array)})\n` +
      `  sbatch --dependency="afterany:\${job%%;*}" ${shellWord(scripts.collect)}`,
  );
}

/** What the flags ask of SLURM and of the tasks. UsageError if they make no sense. */
function readWishes(flags: SlurmFlags) {
  const { arrayLimit, tasksPerElement, checkpointEvery, time, partition } = flags;
  if (checkpointEvery !== undefined) readCheckpointInterval(checkpointEvery);
  return {
    threads: readThreads("--threads", flags.threads),
    kernels: readKernelsName(flags.kernels),
    checkpointEvery: checkpointEvery ?? null,
    arrayLimit: arrayLimit === undefined ? null : readCount("--array-limit", arrayLimit, 1, MOST),
    tasksPerElement:
      tasksPerElement === undefined ? null : readCount("--tasks-per-element", tasksPerElement, 1, MOST),
    time: time === undefined ? null : readTime(time),
    partition: partition === undefined ? null : readPartition(partition),
  };
}

/** The command that draws the conclusions of a packaged study from its finished sweep; null for another file. */
async function conclusion(
  program: readonly string[],
  file: string,
  folder: string,
  { scale }: SlurmFlags,
): Promise<readonly string[] | null> {
  const { studyFile, studyNames } = await import("../studies/study-file.js");
  const name = studyNames().find((study) => realpathSync(studyFile(study)) === realpathSync(file));
  if (name === undefined) return null;
  const where = [...(scale === undefined ? [] : ["--scale", scale]), "-o", folder];
  return [...program, "reproduce", name, ...where, "--jobs", "1", "--threads", "1"];
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

/** Seconds. SLURM takes no time at all for no limit. */
function readTime(text: string): number {
  const [, days = "0", ...clock] = (/^(?:(\d+)-)?(\d{1,3}):([0-5]\d):([0-5]\d)$/.exec(text) ?? []) as (
    string | undefined
  )[];
  const [hours, minutes, seconds] = clock.map(Number);
  const time = 86_400 * Number(days) + 3600 * hours + 60 * minutes + seconds;
  if (time > 0) return time;
  throw new UsageError(
    `--time ${text}: expected hh:mm:ss or days-hh:mm:ss, more than none, such as 02:30:00.`,
  );
}

function readPartition(text: string): string {
  if (/^[\w.,-]+$/.test(text)) return text;
  throw new UsageError(`--partition ${text}: expected the name of a partition (sinfo lists them).`);
}

function defaultTime(plan: Plan, elements: readonly (readonly number[])[]): number {
  const longest = elements.reduce((most, own) => {
    const seconds = own.reduce((sum, index) => sum + plan.tasks[index].seconds, 0);
    return Math.max(most, seconds);
  }, 0);
  return TIME_STEP * Math.ceil(Math.max(LEAST_TIME, TIME_MARGIN * longest) / TIME_STEP);
}
