import { describe, expect, it } from "vitest";
import {
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
  partition: "cpu",
  time: "02:00:00",
  arrayLimit: 10,
  threads: 4,
  kernels: null,
  version: "1.2.3",
};

describe("the batch scripts", () => {
  it("ask SLURM for what the tasks need, and forward its warning", () => {
    expect(arrayScript(request)).toBe(`#!/usr/bin/env bash
# Sweep mine: 4 tasks, one in each element of the array. Made by rbm-rg 1.2.3 sweep slurm.
#SBATCH --job-name=mine
#SBATCH --array=0-2,5%10
#SBATCH --partition=cpu
#SBATCH --time=02:00:00
#SBATCH --mem=192M
#SBATCH --cpus-per-task=4
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=/scratch/mine/slurm/task-%A_%a.log
# SLURM warns this script 120 seconds before the time limit. The task then saves a checkpoint and exits with 75, and the
# element is put back into the queue, where it goes on from there.
#SBATCH --signal=B:USR1@120

cd /home/me || exit 73

child=""
signalled=""
forward() {
  signalled=yes
  if [ -n "$child" ]; then kill -s "$1" "$child" 2>/dev/null; fi
}
trap 'forward USR1' USR1
trap 'forward TERM' TERM
trap 'forward INT' INT

/usr/bin/node /opt/rbm-rg/bin/rbm-rg.js sweep task '/home/me/my sweeps/mine.yaml' -o /scratch/mine --threads 4 --index "$SLURM_ARRAY_TASK_ID" &
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
`);
  });

  it("leave out what was not asked for", () => {
    const script = arrayScript({ ...request, partition: null, arrayLimit: null, kernels: "reference" });
    expect(script).toContain("#SBATCH --array=0-2,5\n#SBATCH --time");
    expect(script).toContain(" --threads 4 --kernels reference --index ");
  });

  it("gather the results whole or not at all", () => {
    const script = collectScript(request);
    expect(script).toContain(
      "rbm-rg.js sweep collect '/home/me/my sweeps/mine.yaml' -o /scratch/mine > /scratch/mine/slurm/results.csv.part" +
        " && mv /scratch/mine/slurm/results.csv.part /scratch/mine/slurm/results.csv\n",
    );
    expect(script).toMatch(/^#SBATCH --partition=cpu$/m);
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
