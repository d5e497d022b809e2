import { join } from "node:path";
import { UsageError } from "../errors/index.js";
import { sweepLayout } from "./layout.js";
import type { PlannedTask } from "./plan.js";

/** What a batch script says to SLURM and starts. All paths are absolute. */
export interface SlurmRequest {
  readonly name: string;
  readonly file: string;
  readonly folder: string;
  /** Where relative paths of configurations start. */
  readonly workingFolder: string;
  /** The words that start this program. */
  readonly program: readonly string[];
  /** The tasks to run; at least one. */
  readonly tasks: readonly PlannedTask[];
  /** Tasks that an element of the array runs, one after another; null for as few as the array's size allows. */
  readonly tasksPerElement: number | null;
  readonly partition: string | null;
  /** Time limit of an element, in seconds. */
  readonly time: number;
  /** Elements at a time; null for as many as the cluster gives. */
  readonly arrayLimit: number | null;
  readonly threads: number;
  readonly kernels: string | null;
  readonly checkpointEvery: string | null;
  /** The words of a command that draws conclusions from the finished sweep; null if there is none. */
  readonly conclude: readonly string[] | null;
  readonly version: string;
}

/** SLURM's MaxArraySize where nobody has changed it: one more than the largest index. */
const MAX_ARRAY_SIZE = 1001;

/** Seconds before the time limit at which SLURM warns a task, and the largest part of the limit that this may be. */
const WARNING = 120;
const WARNING_SHARE = 1 / 3;

/** Memory asked for: the largest estimate and a half, in steps. In MiB. */
const MEMORY_MARGIN = 1.5;
const MEMORY_STEP = 64;

/** Time limit of the job that collects, in seconds, and the least memory it asks for, in MiB. */
const COLLECT_TIME = 1800;
const COLLECT_MEMORY = 512;

/** The elements of the array: which tasks, by their places in the plan, each of them runs. */
export function arrayElements({
  tasks,
  tasksPerElement,
}: Pick<SlurmRequest, "tasks" | "tasksPerElement">): readonly (readonly number[])[] {
  const size = tasksPerElement ?? Math.ceil(tasks.length / (MAX_ARRAY_SIZE - 1));
  return Array.from({ length: Math.ceil(tasks.length / size) }, (_, element) =>
    tasks.slice(size * element, size * (element + 1)).map(({ index }) => index),
  );
}

/**
 * The batch script of the array. An element is a task of the plan, with its index; where these are too large for SLURM, or
 * an element has several tasks, the script lists the tasks of each. UsageError for a folder that SLURM cannot be told of.
 */
export function arrayScript(request: SlurmRequest): string {
  const { name, folder, tasks, arrayLimit, threads, time, version } = request;
  const elements = arrayElements(request);
  const single = elements.every((own) => own.length === 1) && tasks.at(-1)!.index < MAX_ARRAY_SIZE;
  const indices = single ? elements.flat() : [...elements.keys()];
  const limit = arrayLimit === null ? "" : `%${arrayLimit}`;
  const warning = Math.max(1, Math.min(WARNING, Math.floor(WARNING_SHARE * time)));
  return `#!/usr/bin/env bash
# Sweep ${name}: ${tasks.length} tasks in ${elements.length} elements of the array. Made by rbm-rg ${version} sweep slurm.
#SBATCH --job-name=${name}
#SBATCH --array=${indexRanges(indices)}${limit}
${partitionLine(request)}#SBATCH --time=${clockTime(time)}
#SBATCH --mem=${memoryMebibytes(tasks)}M
#SBATCH --cpus-per-task=${threads}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=${logPath(folder, "task-%A_%a.log")}
# SLURM warns this script ${warning} seconds before the time limit. The task then saves a checkpoint, the element exits with 75
# and is put back into the queue, where it goes on from there.
#SBATCH --signal=B:USR1@${warning}

cd ${shellWord(request.workingFolder)} || exit 73

${taskList(single, elements)}

child=""
stopped=""
forward() {
  stopped=\${stopped:-$2}
  signalled=yes
  if [ -n "$child" ]; then kill -s "$1" "$child" 2>/dev/null; fi
}
trap 'forward TERM 75' USR1
trap 'forward TERM 143' TERM
trap 'forward INT 130' INT

# Run one task. A signal ends wait before the task has ended: wait again for its real exit code.
run() {
  ${taskCommand(request)} --index "$1" &
  child=$!
  if [ -n "$stopped" ]; then kill -s TERM "$child" 2>/dev/null; fi
  signalled=yes
  while [ -n "$signalled" ]; do
    signalled=""
    wait "$child"
    status=$?
  done
  child=""
}

code=0
for task in $tasks; do
  if [ -n "$stopped" ]; then
    code=$stopped
    break
  fi
  run "$task"
  case $status in
    0) ;;
    75 | 130 | 143)
      code=\${stopped:-$status}
      break
      ;;
    *) code=$status ;;
  esac
done

if [ "$code" -eq 75 ]; then
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}"
fi
exit "$code"
`;
}

/** Say which tasks the element has. */
function taskList(single: boolean, elements: readonly (readonly number[])[]): string {
  if (single) return "tasks=$SLURM_ARRAY_TASK_ID";
  const lines = elements.map((own) => `  "${own.join(" ")}"\n`);
  return `# The tasks of each element, by their places in the plan.\nelements=(\n${lines.join("")})\ntasks=\${elements[$SLURM_ARRAY_TASK_ID]}`;
}

/** The command that runs a task, up to its index. */
function taskCommand({ program, file, folder, threads, kernels, checkpointEvery }: SlurmRequest): string {
  const flags = [
    "--threads",
    String(threads),
    ...(kernels === null ? [] : ["--kernels", kernels]),
    ...(checkpointEvery === null ? [] : ["--checkpoint-every", checkpointEvery]),
  ];
  return [...program, "sweep", "task", file, "-o", folder, ...flags].map(shellWord).join(" ");
}

/**
 * The batch script that gathers the results once every element has ended, and draws the conclusions of a study if all its
 * tasks are done.
 */
export function collectScript(request: SlurmRequest): string {
  const { name, folder, tasks, conclude, version } = request;
  const memory = conclude === null ? COLLECT_MEMORY : Math.max(COLLECT_MEMORY, memoryMebibytes(tasks));
  return `#!/usr/bin/env bash
# Gathers the finished runs of the sweep ${name}. Made by rbm-rg ${version} sweep slurm.
#SBATCH --job-name=${name}-collect
${partitionLine(request)}#SBATCH --time=${clockTime(COLLECT_TIME)}
#SBATCH --mem=${memory}M
#SBATCH --cpus-per-task=1
#SBATCH --output=${logPath(folder, "collect-%j.log")}

cd ${shellWord(request.workingFolder)} || exit 73

${collection(request)}
${conclude === null ? "" : conclusion(request, conclude)}`;
}

function collection(request: SlurmRequest): string {
  const table = join(sweepLayout.slurm(request.folder), "results.csv");
  const [part, whole] = [`${table}.part`, table].map(shellWord);
  return `${sweepCommand(request, "collect")} > ${part} && mv ${part} ${whole} || exit`;
}

function conclusion(request: SlurmRequest, conclude: readonly string[]): string {
  const command = conclude.map(shellWord).join(" ");
  return `
# Conclusions need every task.
pending=$(${sweepCommand(request, "list")} --pending) || exit
if [ -n "$pending" ]; then
  printf 'not done yet:\\n%s\\n' "$pending" >&2
  exit 2
fi
${command}
`;
}

function sweepCommand({ program, file, folder }: SlurmRequest, name: string): string {
  return [...program, "sweep", name, file, "-o", folder].map(shellWord).join(" ");
}

/** 0,1,2,5 → `0-2,5`, as SLURM writes array indices. */
export function indexRanges(indices: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const index of [...indices].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(",");
}

/** The memory to ask for, in MiB: half as much again as the largest estimate. */
export function memoryMebibytes(tasks: readonly PlannedTask[]): number {
  const largest = tasks.reduce((most, { memoryBytes }) => Math.max(most, memoryBytes), 0);
  return MEMORY_STEP * Math.ceil((MEMORY_MARGIN * largest) / 2 ** 20 / MEMORY_STEP);
}

function partitionLine({ partition }: SlurmRequest): string {
  return partition === null ? "" : `#SBATCH --partition=${partition}\n`;
}

/** One word of a shell command, quoted if it has to be. */
export function shellWord(text: string): string {
  return /^[\w./:=+@%-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Seconds as hh:mm:ss. */
function clockTime(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/**
 * A file for SLURM's logs in an #SBATCH line, quoted if it has to be: there % begins a symbol in `name`, but is a letter of
 * the folder. A backslash would switch the symbols off, and a quotation mark or line break end the path.
 */
function logPath(folder: string, name: string): string {
  const path = sweepLayout.slurm(folder);
  if (/["\\\p{Cc}]/u.test(path)) {
    throw new UsageError(
      `SLURM cannot be told of ${JSON.stringify(path)}: it has a quotation mark, a backslash or a control character in it. Choose another -o.`,
    );
  }
  const pattern = join(path.replaceAll("%", "%%"), name);
  return /^[\w./:=+@%,-]+$/.test(pattern) ? pattern : `"${pattern}"`;
}
