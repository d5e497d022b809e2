import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/errors/index.js";
import {
  arrayElements,
  arrayScript,
  collectScript,
  type PlannedTask,
  shellWord,
  type SlurmRequest,
} from "../../src/sweep/index.js";
import { indexRanges, memoryMebibytes } from "../../src/sweep/slurm-script.js";

const MIB = 2 ** 20;

function task(index: number, memoryBytes: number): PlannedTask {
  return {
    index,
    id: `id${index}`,
    parts: [],
    assignment: {},
    own: {},
    data: null,
    memoryBytes,
    kernelBytes: 0,
    seconds: 1,
  };
}

const request: SlurmRequest = {
  name: "mine",
  file: "/home/me/my sweeps/mine.yaml",
  folder: "/scratch/mine",
  workingFolder: "/home/me",
  program: ["/usr/bin/node", "/opt/rbm-rg/bin/rbm-rg.js"],
  tasks: [0, 1, 2, 5].map((index) => task(index, (100 + index) * MIB)),
  tasksPerElement: null,
  partition: "cpu",
  time: 7200,
  arrayLimit: 10,
  threads: 4,
  kernels: null,
  checkpointEvery: null,
  conclude: null,
  version: "1.2.3",
};

describe("the batch scripts", () => {
  it("ask SLURM for what the tasks need, and forward its warning", () => {
    expect(arrayScript(request)).toBe(`#!/usr/bin/env bash
# Sweep mine: 4 tasks in 4 elements of the array. Made by rbm-rg 1.2.3 sweep slurm.
#SBATCH --job-name=mine
#SBATCH --array=0-2,5%10
#SBATCH --partition=cpu
#SBATCH --time=02:00:00
#SBATCH --mem=192M
#SBATCH --cpus-per-task=4
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=/scratch/mine/slurm/task-%A_%a.log
# SLURM warns this script 120 seconds before the time limit. The task then saves a checkpoint, the element exits with 75
# and is put back into the queue, where it goes on from there.
#SBATCH --signal=B:USR1@120

cd /home/me || exit 73

tasks=$SLURM_ARRAY_TASK_ID

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
  /usr/bin/node /opt/rbm-rg/bin/rbm-rg.js sweep task '/home/me/my sweeps/mine.yaml' -o /scratch/mine --threads 4 --index "$1" &
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
`);
  });

  it("leave out what was not asked for", () => {
    const script = arrayScript({ ...request, partition: null, arrayLimit: null, kernels: "reference" });
    expect(script).toContain("#SBATCH --array=0-2,5\n#SBATCH --time");
    expect(script).toContain(" --threads 4 --kernels reference --index ");
    expect(arrayScript({ ...request, checkpointEvery: "30s" })).toContain(" --checkpoint-every 30s --index ");
  });

  it.each([
    [360, "00:06:00", 120],
    [359, "00:05:59", 119],
    [60, "00:01:00", 20],
    [1, "00:00:01", 1],
    [100 * 3600, "100:00:00", 120],
  ])("of %i s = %s is warned %i s before", (time, clock, warning) => {
    const script = arrayScript({ ...request, time });
    expect(script).toContain(`#SBATCH --time=${clock}\n`);
    expect(script).toContain(`#SBATCH --signal=B:USR1@${warning}\n`);
  });

  it.each([
    ["/scratch/50%A", "/scratch/50%%A/slurm/task-%A_%a.log"],
    ["/scratch/a b", '"/scratch/a b/slurm/task-%A_%a.log"'],
    ["/scratch/#1 o'clock", `"/scratch/#1 o'clock/slurm/task-%A_%a.log"`],
    ["/scratch/größe", '"/scratch/größe/slurm/task-%A_%a.log"'],
  ])("write logs into %s", (folder, path) => {
    expect(arrayScript({ ...request, folder })).toContain(`#SBATCH --output=${path}\n`);
    expect(collectScript({ ...request, folder })).toContain(path.replace("task-%A_%a", "collect-%j"));
  });

  it.each(['/scratch/a"b', "/scratch/a\nb", "/scratch/a\\b"])("cannot tell SLURM of %j", (folder) => {
    expect(() => arrayScript({ ...request, folder })).toThrow(UsageError);
    expect(() => collectScript({ ...request, folder })).toThrow(/Choose another -o/);
  });

  it("give an element several tasks if asked, or if there are more than a thousand", () => {
    const tasks = (...indices: readonly number[]) => indices.map((index) => task(index, MIB));
    expect(arrayElements({ tasks: tasks(0, 1, 5, 6, 7), tasksPerElement: 2 })).toEqual([[0, 1], [5, 6], [7]]);
    const several = arrayScript({ ...request, tasks: tasks(0, 1, 5, 6, 7), tasksPerElement: 2 });
    expect(several).toContain("#SBATCH --array=0-2%10\n");
    expect(several).toContain(
      'elements=(\n  "0 1"\n  "5 6"\n  "7"\n)\ntasks=${elements[$SLURM_ARRAY_TASK_ID]}\n',
    );
    const many = tasks(...Array.from({ length: 2500 }, (_, k) => k));
    const elements = arrayElements({ tasks: many, tasksPerElement: null });
    expect(elements.length).toBeLessThanOrEqual(1000);
    expect(elements.flat()).toEqual(many.map(({ index }) => index));
    expect(arrayElements({ tasks: many.slice(0, 1000), tasksPerElement: null })).toHaveLength(1000);
    // An index that SLURM would refuse is not its index.
    expect(arrayScript({ ...request, tasks: tasks(3, 1001) })).toMatch(
      /--array=0-1%10\n[^]*\n {2}"3"\n {2}"1001"\n/,
    );
    expect(arrayScript({ ...request, tasks: tasks(3, 1000) })).toContain("--array=3,1000%10\n");
  });

  it("gather the results whole or not at all", () => {
    const script = collectScript(request);
    expect(script).toContain(
      "rbm-rg.js sweep collect '/home/me/my sweeps/mine.yaml' -o /scratch/mine > /scratch/mine/slurm/results.csv.part" +
        " && mv /scratch/mine/slurm/results.csv.part /scratch/mine/slurm/results.csv || exit\n",
    );
    expect(script).toMatch(/^#SBATCH --partition=cpu$/m);
    expect(script).not.toContain("reproduce");
  });

  it("draw conclusions where there are any to draw, once every task is done", () => {
    const conclude = ["/usr/bin/node", "rbm-rg.js", "reproduce", "burns", "-o", "/scratch/my sweep"];
    const script = collectScript({ ...request, conclude });
    expect(script).toMatch(
      / sweep collect [^]*pending=\$\(.* sweep list .* --pending\) \|\| exit\n[^]*exit 2\n/,
    );
    expect(script.endsWith("/usr/bin/node rbm-rg.js reproduce burns -o '/scratch/my sweep'\n")).toBe(true);
    expect(script).toMatch(/^#SBATCH --mem=512M$/m);
    const large = collectScript({ ...request, conclude, tasks: [task(0, 4096 * MIB)] });
    expect(large).toMatch(/^#SBATCH --mem=6144M$/m);
  });

  it.each([
    [[4], "4"],
    [[0, 1], "0-1"],
    [[7, 3, 2, 1, 9, 10], "1-3,7,9-10"],
  ])("writes the indices %j as %s", (indices, text) => {
    expect(indexRanges(indices)).toBe(text);
  });

  it("asks for half as much memory again as the largest estimate", () => {
    expect(memoryMebibytes([task(0, 128 * MIB), task(1, 10)])).toBe(192);
    expect(memoryMebibytes([task(0, 128 * MIB + 1)])).toBe(256);
  });

  it.each([
    ["plain/path-1.yaml", "plain/path-1.yaml"],
    ["a b", "'a b'"],
    ["it's", String.raw`'it'\''s'`],
    ["$HOME", "'$HOME'"],
    ["", "''"],
  ])("quotes %j for the shell", (text, quoted) => {
    expect(shellWord(text)).toBe(quoted);
  });
});
