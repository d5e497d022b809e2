import { sweepLayout } from "./layout.js";
import type { PlannedTask } from "./plan.js";
import { join } from "node:path";

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
  readonly partition: string | null;
  /** hh:mm:ss or d-hh:mm:ss. */
  readonly time: string;
  /** Tasks at a time; null for as many as the cluster gives. */
  readonly arrayLimit: number | null;
  readonly threads: number;
  readonly kernels: string | null;
  readonly version: string;
}

/** Seconds before the time limit at which SLURM warns a task. */
const WARNING = 120;

/** Memory asked for: the largest estimate and a half, in steps. In MiB. */
const MEMORY_MARGIN = 1.5;
const MEMORY_STEP = 64;

/** The batch script of the array: one task of the plan in each element. */
export function arrayScript(request: SlurmRequest): string {
  const { name, folder, tasks, arrayLimit, threads, version } = request;
  const limit = arrayLimit === null ? "" : `%${arrayLimit}`;
  const flags = [
    "--threads",
    String(threads),
    ...(request.kernels === null ? [] : ["--kernels", request.kernels]),
  ];
  const command = [...request.program, "sweep", "task", request.file, "-o", folder, ...flags]
    .map(shellWord)
    .join(" ");
  return `#!/usr/bin/env bash
# Sweep ${name}: ${tasks.length} tasks, one in each element of the array. Made by rbm-rg ${version} sweep slurm.
#SBATCH --job-name=${name}
#SBATCH --array=${indexRanges(tasks.map(({ index }) => index))}${limit}
${partitionLine(request)}#SBATCH --time=${request.time}
#SBATCH --mem=${memoryMebibytes(tasks)}M
#SBATCH --cpus-per-task=${threads}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=${batchPath(join(sweepLayout.slurm(folder), "task-%A_%a.log"))}
# SLURM warns this script ${WARNING} seconds before the time limit. The task then saves a checkpoint and exits with 75, and the
# element is put back into the queue, where it goes on from there.
#SBATCH --signal=B:USR1@${WARNING}

cd ${shellWord(request.workingFolder)} || exit 73

child=""
signalled=""
forward() {
  signalled=yes
  if [ -n "$child" ]; then kill -s "$1" "$child" 2>/dev/null; fi
}
trap 'forward USR1' USR1
trap 'forward TERM' TERM
trap 'forward INT' INT

${command} --index "$SLURM_ARRAY_TASK_ID" &
child=$!

# A signal ends wait before the child has ended: wait again for its real exit code.
wait "$child"
status=$?
while [ -n "$signalled" ]; do
  signalled=""
  wait "$child"
  status=$?
done

if [ "$status" -eq 75 ]; then
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}"
fi
exit "$status"
`;
}

/** The batch script that gathers the results once every element has ended. */
export function collectScript(request: SlurmRequest): string {
  const { name, folder, version } = request;
  const table = join(sweepLayout.slurm(folder), "results.csv");
  const command = [...request.program, "sweep", "collect", request.file, "-o", folder]
    .map(shellWord)
    .join(" ");
  return `#!/usr/bin/env bash
# Gathers the finished runs of the sweep ${name}. Made by rbm-rg ${version} sweep slurm.
#SBATCH --job-name=${name}-collect
${partitionLine(request)}#SBATCH --time=00:10:00
#SBATCH --mem=512M
#SBATCH --cpus-per-task=1
#SBATCH --output=${batchPath(join(sweepLayout.slurm(folder), "collect-%j.log"))}

cd ${shellWord(request.workingFolder)} || exit 73

${command} > ${shellWord(`${table}.part`)} && mv ${shellWord(`${table}.part`)} ${shellWord(table)}
`;
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

/** A path in an #SBATCH line, where blanks end a word unless quoted. */
function batchPath(path: string): string {
  return /\s/.test(path) ? `"${path}"` : path;
}
