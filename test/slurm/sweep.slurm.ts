import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { bin } from "../cli/run.js";
import { SlurmCluster } from "./slurm-cluster.js";

/** Four tasks of some seconds each, on two sampled datasets. */
const sweep = `
name: slurm-test
base:
  sample: { lattice: 32x32, samples: 4000 }
  model: { hidden: [256] }
  train: { epochs: 100, estimator: pcd }
matrix:
  sample.coupling: [0.3, 0.4]
  train.l1: [0, 0.01]
`;

let folder = "";
let cluster: SlurmCluster;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rbm-rg slurm 50% #1 "));
  writeFileSync(join(folder, "sweep.yaml"), sweep);
  cluster = await SlurmCluster.start(2);
});
afterAll(() => {
  cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

function rbmRg(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: cluster.environment,
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

interface Submitted {
  readonly jobs: { readonly array: string; readonly collect: string };
}

/** The elements of the array that run, by index. */
function running(job: string): readonly number[] {
  const lines = cluster.run("squeue", "--noheader", "--array", "--jobs", job, "--states=R", "--format=%K");
  return lines.split("\n").filter(Boolean).map(Number);
}

/** Do what SLURM does before the time limit: signal the batch script of an element. */
function warn(job: string, index: number): void {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isBatchScript(name, job, index));
  expect(pids).toHaveLength(1);
  process.kill(Number(pids[0]), "SIGUSR1");
}

function isBatchScript(pid: string, job: string, index: number): boolean {
  try {
    const environment = readFileSync(join("/proc", pid, "environ"), "utf8").split("\0");
    const ours = [`SLURM_ARRAY_JOB_ID=${job}`, `SLURM_ARRAY_TASK_ID=${index}`];
    if (!ours.every((entry) => environment.includes(entry))) return false;
    return readFileSync(join("/proc", pid, "cmdline"), "utf8").includes("slurm_script");
  } catch {
    return false; // it has just ended, or is not ours to read
  }
}

/** Every CSV and npy file of every run, by its path. */
function outputs(name: string): Map<string, Buffer> {
  const runs = join(folder, name, "runs");
  const files = readdirSync(runs, { recursive: true, encoding: "utf8" }).filter(
    (file) => /\.(csv|npy)$/.test(file) && !file.includes("data/"),
  );
  return new Map(files.sort().map((file) => [file, readFileSync(join(runs, file))]));
}

/** What must be the same: all bytes, but for the place of the shared data, which summary.csv names. */
function comparable(file: string, bytes: Buffer): unknown {
  if (!file.endsWith("summary.csv")) return bytes.toString("base64");
  return parseCsv(bytes.toString(), file).rows.map((row) => ({ ...row, data: "" }));
}

it("an array whose tasks are stopped, killed and requeued gives the bytes of a local run, and is collected", async () => {
  const text = rbmRg(
    "sweep",
    "slurm",
    "sweep.yaml",
    "-o",
    "on-slurm",
    "--array-limit",
    "2",
    "--submit",
    "--json",
  );
  const { array } = (JSON.parse(text) as Submitted).jobs;
  const log = (index: number): string => join(folder, "on-slurm", "slurm", `task-${array}_${index}.log`);
  const ids = rbmRg("sweep", "list", "sweep.yaml", "-o", "on-slurm").trim().split("\n");
  const idOf = (index: number): string => ids[index].trim().split(/\s+/)[1];
  const training = (index: number): boolean =>
    existsSync(join(folder, "on-slurm", "runs", idOf(index), "metrics.csv"));

  // one is warned as before its time limit, and puts itself back into the queue …
  await cluster.until(() => running(array).includes(0) && training(0), 60);
  warn(array, 0);
  await cluster.until(() => readFileSync(log(0), "utf8").includes("SIGTERM"), 60);
  // … another loses its node
  await cluster.until(() => running(array).includes(1) && training(1), 60);
  cluster.run("scontrol", "requeue", `${array}_1`);

  const table = join(folder, "on-slurm", "slurm", "results.csv");
  await cluster.until(() => existsSync(table), 300);
  expect(readFileSync(table, "utf8").trim().split("\n")).toHaveLength(5);
  for (const index of [0, 1]) {
    expect(readFileSync(join(folder, "on-slurm", "logs", `${idOf(index)}.log`), "utf8")).toMatch(
      /continues at/,
    );
  }

  rbmRg("sweep", "run", "sweep.yaml", "-o", "local", "--jobs", "2", "-q");
  const [there, here] = [outputs("on-slurm"), outputs("local")];
  expect([...there.keys()]).toEqual([...here.keys()]);
  expect(there.size).toBeGreaterThan(20);
  for (const [file, bytes] of there)
    expect(comparable(file, bytes), file).toEqual(comparable(file, here.get(file)!));
});
