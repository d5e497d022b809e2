import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { childrenOf } from "./kill-sweep.js";
import { manifestOf, start, until } from "./kills.js";
import { rbmRg } from "./run.js";

/** Two tasks that train for long enough to be met. */
const sweep = (epochs: number): string => `name: s
base:
  sample: { lattice: 8x8, coupling: 0.4, samples: 500 }
  model: { hidden: 32 }
  train: { epochs: ${epochs}, estimator: pcd }
matrix:
  train.l1: [0, 0.1]
`;

function freshFolder(epochs: number): string {
  const folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(folder, "s.yaml"), sweep(epochs));
  return folder;
}

/** Run a sweep until both tasks train; then kill its scheduler. Returns the processes of the tasks. */
async function killScheduler(folder: string): Promise<readonly number[]> {
  const { child, ended } = start(folder, "sweep", "run", "s.yaml", "-q", "-j", "2");
  const runs = join(folder, "results", "s", "runs");
  const training = (): number =>
    existsSync(runs) ? readdirSync(runs).filter((id) => existsSync(join(runs, id, "metrics.csv"))).length : 0;
  await until(() => training() === 2, "both tasks train");
  const tasks = childrenOf(child.pid!);
  child.kill("SIGKILL");
  expect(await ended).toMatchObject({ signal: "SIGKILL" });
  return tasks;
}

function isAlive(pid: number): boolean {
  try {
    // A zombie that nobody asks for has ended.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

describe.skipIf(!existsSync("/proc/self/stat"))("the tasks of a sweep whose scheduler is killed", () => {
  it("stop by themselves, and have saved what they had", async () => {
    const folder = freshFolder(1_000_000);
    const tasks = await killScheduler(folder);
    expect(tasks).toHaveLength(2);
    await until(() => !tasks.some(isAlive), "the tasks have ended");
    const runs = join(folder, "results", "s", "runs");
    for (const id of readdirSync(runs)) {
      expect(manifestOf(join(runs, id))).toMatchObject({
        status: "interrupted",
        error: expect.stringMatching(/was stopped by SIGTERM/) as string,
      });
      expect(readdirSync(join(runs, id, "checkpoint"))).not.toEqual([]);
    }
    const status = rbmRg(folder, "sweep", "status", "s.yaml", "--json").stdout;
    expect(JSON.parse(status)).toMatchObject({ interrupted: 2, running: 0, failed: 0 });
  });

  it("are waited for by the next scheduler, which goes on with them and fails none", async () => {
    const folder = freshFolder(60);
    await killScheduler(folder);
    const { status, stdout, stderr } = rbmRg(folder, "sweep", "run", "s.yaml", "-j", "2");
    expect(stderr).not.toMatch(/\) failed, /);
    expect(stdout).toMatch(/^results\/s: 2 tasks, [012] done(, [12] done before)?\n$/);
    expect(status).toBe(0);
  });
});
