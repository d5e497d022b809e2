import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { bin, rbmRg, root } from "./run.js";

const text = `name: cluster
base: { sample: { lattice: 4x4, samples: 200, coupling: 0.4 }, model: { hidden: 4 } }
matrix: { train.epochs: [1, 100000] }
`;

interface Cluster {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** The command lines of the stand-ins for sbatch and scontrol. */
  readonly calls: () => readonly string[];
}

/** A folder with a sweep, and stand-ins for SLURM's commands that write down how they are called. */
function cluster(): Cluster {
  const folder = mkdtempSync(join(tmpdir(), "rbm-rg slurm "));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(folder, "s.yaml"), text);
  const commands = join(folder, "commands");
  mkdirSync(commands);
  for (const name of ["sbatch", "scontrol"]) {
    const answer = name === "sbatch" ? 'echo "$((1000 + $(wc -l < "$CALLS")));main"' : ":";
    writeFileSync(join(commands, name), `#!/bin/sh\necho "${name} $*" >> "$CALLS"\n${answer}\n`);
    chmodSync(join(commands, name), 0o755);
  }
  const calls = join(folder, "calls");
  writeFileSync(calls, "");
  return {
    folder,
    env: { ...process.env, PATH: `${commands}${delimiter}${process.env["PATH"] ?? ""}`, CALLS: calls },
    calls: () => readFileSync(calls, "utf8").split("\n").slice(0, -1),
  };
}

/** Run the array script as SLURM runs one element. */
function element({ folder, env }: Cluster, index: number, name = "cluster") {
  const child = spawn("bash", [join(folder, "results", name, "slurm/array.sh")], {
    cwd: tmpdir(),
    env: { ...env, SLURM_ARRAY_TASK_ID: String(index), SLURM_ARRAY_JOB_ID: "1001" },
    stdio: "ignore",
  });
  return { child, ended: new Promise<number | null>((resolve) => child.once("exit", resolve)) };
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 12_000; tries++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("waited for too long");
}

describe("rbm-rg sweep slurm", () => {
  it("writes scripts that bash can read, and says how to submit them", () => {
    const { folder, calls } = cluster();
    const { status, stdout } = rbmRg(
      folder,
      "sweep",
      "slurm",
      "s.yaml",
      "--array-limit",
      "3",
      "--partition",
      "cpu",
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /array\.sh \(2 tasks\).*\nsubmit with:\n {2}job=\$\(sbatch --parsable .*\n {2}sbatch --dependency=/,
    );
    const script = readFileSync(join(folder, "results/cluster/slurm/array.sh"), "utf8");
    expect(script).toMatch(/^#SBATCH --array=0-1%3$/m);
    expect(script).toMatch(/^#SBATCH --partition=cpu$/m);
    expect(script).toMatch(/^#SBATCH --time=00:30:00$/m);
    expect(script).toMatch(/^#SBATCH --mem=256M$/m);
    expect(script).toMatch(/^#SBATCH --output=".*results\/cluster\/slurm\/task-%A_%a\.log"$/m);
    for (const name of ["array.sh", "collect.sh"]) {
      const checked = spawnSync("bash", ["-n", join(folder, "results/cluster/slurm", name)], {
        encoding: "utf8",
      });
      expect(`${checked.stderr}${checked.status}`).toBe("0");
    }
    expect(calls()).toEqual([]);
  });

  it("gives an element several tasks, one after another, and goes on where it was stopped", async () => {
    const here = cluster();
    const { folder, calls } = here;
    writeFileSync(join(folder, "s.yaml"), text.replace("[1, 100000]", "[1, 2, 100000]"));
    const { status, stdout } = rbmRg(folder, "sweep", "slurm", "s.yaml", "--tasks-per-element", "3");
    expect(stdout).toMatch(/array\.sh \(3 tasks in 1 element\)/);
    expect(status).toBe(0);
    const ids = rbmRg(folder, "sweep", "list", "s.yaml").stdout.trimEnd().split("\n");
    const run = join(folder, ids[2].split(" ")[2]);
    const { child, ended } = element(here, 0);
    await until(() => existsSync(join(run, "metrics.csv")));
    child.kill("SIGUSR1");
    expect(await ended).toBe(75);
    expect(calls()).toEqual(["scontrol requeue 1001_0"]);
    const counts = JSON.parse(rbmRg(folder, "sweep", "status", "s.yaml", "--json").stdout) as object;
    expect(counts).toMatchObject({ done: 2, interrupted: 1 });
    writeFileSync(
      join(folder, "s.yaml"),
      text.replace("[1, 100000]", "[1, 2, 3]").replace("cluster", "failing"),
    );
    expect(rbmRg(folder, "sweep", "slurm", "s.yaml", "--tasks-per-element", "3").status).toBe(0);
    // A task that fails does not keep the others from being run; the element says so at its end.
    const [first] = rbmRg(folder, "sweep", "list", "s.yaml").stdout.split("\n");
    mkdirSync(join(folder, first.split(" ")[2]), { recursive: true });
    writeFileSync(join(folder, first.split(" ")[2], "manifest.json"), '{"kind":"mine"}');
    expect(await element(here, 0, "failing").ended).toBe(73);
    const others = JSON.parse(rbmRg(folder, "sweep", "status", "s.yaml", "--json").stdout) as object;
    expect(others).toMatchObject({ done: 2, failed: 1 });
    expect(calls()).toHaveLength(1);
  });

  it("lists the tasks of each element where there are more than SLURM takes", () => {
    const { folder } = cluster();
    writeFileSync(join(folder, "s.yaml"), text.replace("[1, 100000]", '"1:1200:1"'));
    const { stdout, stderr } = rbmRg(folder, "sweep", "slurm", "s.yaml");
    expect(stdout).toMatch(/array\.sh \(1200 tasks in 600 elements\)/);
    expect(stderr).toBe("");
    const script = join(folder, "results/cluster/slurm/array.sh");
    expect(readFileSync(script, "utf8")).toMatch(/^#SBATCH --array=0-599$/m);
    expect(spawnSync("bash", ["-n", script], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    const many = rbmRg(folder, "sweep", "slurm", "s.yaml", "--tasks-per-element", "1");
    expect(many.stderr).toMatch(
      /1200 elements; the cluster must allow that .* or give more --tasks-per-element/,
    );
  });

  it("concludes a packaged study once its tasks are done, and says what is missing before", () => {
    const { folder } = cluster();
    const study = ["mehta-schwab.yaml"].map((name) => join(root, "configs", "studies", name))[0];
    const where = [study, "--scale", "smoke", "-o", "study"];
    const { stdout } = rbmRg(folder, "sweep", "slurm", ...where);
    expect(stdout).toMatch(/^written: study\/slurm\/array\.sh/);
    const script = join(folder, "study", "slurm", "collect.sh");
    expect(readFileSync(script, "utf8")).toMatch(
      / reproduce mehta-schwab --scale smoke -o .*\/study' --jobs 1 /,
    );
    expect(rbmRg(folder, "sweep", "run", "-q", ...where, "--jobs", "2").status).toBe(0);
    const run = (): ReturnType<typeof spawnSync> =>
      spawnSync("bash", [script], { cwd: tmpdir(), encoding: "utf8" });
    const lost = join(folder, "study", "runs", readdirSync(join(folder, "study", "runs"))[0], "summary.csv");
    renameSync(lost, `${lost}.away`);
    const early = run();
    expect(existsSync(join(folder, "study", "SUMMARY.md"))).toBe(false);
    expect(early.status).not.toBe(0);
    renameSync(`${lost}.away`, lost);
    expect(run()).toMatchObject({ status: 0 });
    expect(existsSync(join(folder, "study", "SUMMARY.md"))).toBe(true);
    expect(existsSync(join(folder, "study", "slurm", "results.csv"))).toBe(true);
  });

  it("submits the array and a job that collects after it, however it ends", () => {
    const { folder, env, calls } = cluster();
    const submit = (): ReturnType<typeof spawnSync> =>
      spawnSync(process.execPath, [bin, "sweep", "slurm", "s.yaml", "--submit"], {
        cwd: folder,
        env,
        encoding: "utf8",
      });
    const { status, stdout } = submit();
    expect(stdout).toBe(
      "submitted 2 tasks as job 1001; job 1002 then writes results/cluster/slurm/results.csv\n",
    );
    expect(status).toBe(0);
    expect(calls()).toEqual([
      "sbatch --parsable results/cluster/slurm/array.sh",
      "sbatch --parsable --dependency=afterany:1001 results/cluster/slurm/collect.sh",
    ]);
    writeFileSync(join(folder, "commands", "sbatch"), "#!/bin/sh\necho 'invalid partition' >&2\nexit 1\n");
    const refused = submit();
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/did not submit: invalid partition/);
  });

  it("runs one task an element; warned of its time limit, it saves the task and queues it again", async () => {
    const here = cluster();
    const { folder, calls } = here;
    expect(rbmRg(folder, "sweep", "slurm", "s.yaml").status).toBe(0);
    expect(await element(here, 0).ended).toBe(0);
    expect(calls()).toEqual([]);
    const list = rbmRg(folder, "sweep", "list", "s.yaml").stdout.trimEnd().split("\n");
    const run = list[1].split(" ")[2];
    const { child, ended } = element(here, 1);
    await until(() => existsSync(join(folder, run, "metrics.csv")));
    child.kill("SIGUSR1");
    expect(await ended).toBe(75);
    expect(calls()).toEqual(["scontrol requeue 1001_1"]);
    const status = rbmRg(folder, "sweep", "status", "s.yaml", "--json");
    expect(JSON.parse(status.stdout)).toMatchObject({ done: 1, interrupted: 1, running: 0 });
    const again = element(here, 1);
    await until(() => readFileSync(join(folder, run, "manifest.json"), "utf8").includes('"running"'));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    again.child.kill("SIGTERM");
    expect(await again.ended).toBe(143);
    expect(calls()).toHaveLength(1);
    const collect = spawnSync("bash", [join(folder, "results/cluster/slurm/collect.sh")], {
      encoding: "utf8",
    });
    expect(`${collect.stderr}${collect.status}`).toBe("0");
    expect(readFileSync(join(folder, "results/cluster/slurm/results.csv"), "utf8")).toMatch(
      /^train\.epochs,task,run,/,
    );
    const renewed = rbmRg(folder, "sweep", "slurm", "s.yaml");
    expect(renewed.stdout).toMatch(/\(1 task\)/);
    expect(readFileSync(join(folder, "results/cluster/slurm/array.sh"), "utf8")).toMatch(
      /^#SBATCH --array=1$/m,
    );
  });
});
