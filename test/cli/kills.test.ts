import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { sha256Hex } from "../../src/io/index.js";
import { killRun } from "./kill-run.js";
import { killSweep } from "./kill-sweep.js";
import { everything } from "./kills.js";
import { rbmRg } from "./run.js";
import { sweepResults } from "./sweeps.js";

/** How many kills in all; each test has half of them. */
const kills = Number(process.env["RBM_RG_KILLS"] ?? 10);
const half = Math.ceil(kills / 2);
const seed = process.env["RBM_RG_KILLS_SEED"] ?? "kills";

/** Some seconds of sampling and training in two layers, a checkpoint every tenth of one. */
const train = [
  ..."train -q -L 16 -K 0.42 -n 2000 --algorithm metropolis --hidden 64,16 --epochs 12 --estimator pcd".split(
    " ",
  ),
  ..."--optimizer adam --learning-rate 0.002 --batch-size 20 --checkpoint-every 0.1s -o run".split(" "),
];

/** Three tasks that share a dataset. */
const sweep = `name: s
base:
  sample: { lattice: 16x16, temperature: 3, samples: 1000, algorithm: metropolis }
  model: { hidden: 16 }
  train: { epochs: 10, estimator: pcd, batch_size: 20 }
matrix:
  train.l1: [0, 0.01, 0.02]
`;

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Short, in case they differ. */
function hashes(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...files].map(([path, content]) => [path, sha256Hex(content)]));
}

function tell(what: string, result: object, began: number): void {
  console.log(`${what}: ${JSON.stringify(result)} in ${Math.round((performance.now() - began) / 1000)} s`);
}

describe("killed at random moments", () => {
  it(`a run ends with the same bytes as one that is not: ${half} kills`, async () => {
    const [undisturbed, folder] = [freshFolder(), freshFolder()];
    expect(rbmRg(undisturbed, ...train).status).toBe(0);
    const whole = hashes(everything(join(undisturbed, "run")));
    const run = join(folder, "run");
    const began = performance.now();
    const victim = { folder, args: train, run, trained: "hidden-bias-2.csv" };
    const result = await killRun(victim, half, seed, () => {
      expect(hashes(everything(run))).toEqual(whole);
    });
    tell("killed runs", result, began);
    // The instant in which a checkpoint is being written is hit by luck alone.
    if (half >= 15) {
      for (const phase of ["sampling", "training", "reporting"] as const)
        expect(result.kills[phase], phase).toBeGreaterThan(0);
    }
    if (half >= 5) expect(result.resumed).toBeGreaterThan(0);
  }, 3_600_000);

  it.skipIf(!existsSync("/proc/self/stat"))(
    `a sweep ends with the same bytes as one that is not: ${half} kills`,
    async () => {
      const folder = freshFolder();
      let count = 0;
      const next = (): string => {
        const path = join(folder, String(count++));
        mkdirSync(path);
        writeFileSync(join(path, "s.yaml"), sweep);
        return path;
      };
      const args = ["s.yaml", "-q", "-j", "2", "--checkpoint-every", "0.1s"];
      const undisturbed = next();
      expect(rbmRg(undisturbed, "sweep", "run", ...args)).toEqual({ status: 0, stdout: "", stderr: "" });
      const whole = sweepResults(undisturbed, "s.yaml", "results/s");
      const began = performance.now();
      const result = await killSweep(next, args, half, `${seed} sweep`, (done) => {
        expect(sweepResults(done, "s.yaml", "results/s")).toEqual(whole);
        const runs = readdirSync(join(done, "results", "s", "runs"));
        const verified = rbmRg(join(done, "results", "s", "runs"), "verify", ...runs);
        expect(verified.status, verified.stdout + verified.stderr).toBe(0);
      });
      tell("killed sweeps", { ...result, finished: count - 1 }, began);
    },
    3_600_000,
  );
});
