import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseYaml } from "../../src/runs/index.js";
import { parseCsv } from "../../src/io/index.js";
import { bin, inFolder, rbmRg, root } from "./run.js";

const tiny = `name: tiny
base:
  sample: { lattice: 4x4, samples: 200 }
  model: { hidden: 4 }
  train: { epochs: 1 }
matrix:
  sample.temperature: [2, 3]
  train.l1: [0, 0.1]
`;

/** Diverges at the first of two rates. */
const diverging = `base: { sample: { lattice: 4x4, samples: 200, coupling: 0.4 }, model: { hidden: 4 }, train: { epochs: 1 } }
matrix: { train.learning_rate: [1.0e+6, 0.01] }
`;

interface ListedTask {
  readonly index: number;
  readonly id: string;
  readonly folder: string;
  readonly reason: string;
  readonly data: string | null;
  readonly assignment: Readonly<Record<string, unknown>>;
}

function planned(folder: string, file = "s.yaml"): readonly ListedTask[] {
  const { status, stdout, stderr } = rbmRg(folder, "sweep", "plan", file, "--json");
  expect(`${stderr}${status}`).toBe("0");
  return (JSON.parse(stdout) as { readonly tasks: readonly ListedTask[] }).tasks;
}

function counts(folder: string): Readonly<Record<string, unknown>> {
  return JSON.parse(rbmRg(folder, "sweep", "status", "s.yaml", "--json").stdout) as Record<string, unknown>;
}

/** An empty folder that outlives an asynchronous test and no longer. */
function laterRemoved(): string {
  const folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Start the program and go on; `ended` gives its exit code. */
function start(
  folder: string,
  ...args: readonly string[]
): { child: ChildProcess; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: "ignore" });
  return { child, ended: new Promise((resolve) => child.once("exit", resolve)) };
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 12_000; tries++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("waited for too long");
}

/** CSV and npy files of a run, links not followed. */
function tables(run: string): ReadonlyMap<string, Buffer> {
  const paths = readdirSync(run, { recursive: true, encoding: "utf8" }).filter(
    (path) => /\.(csv|npy)$/.test(path) && !path.startsWith("data"),
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(join(run, path))]));
}

/** A dataset's manifest; only one that stands alone says how it was made. */
function withoutProvenance(manifest: string): object {
  return { ...(JSON.parse(readFileSync(manifest, "utf8")) as object), identity: null, provenance: null };
}

describe("rbm-rg sweep", () => {
  it("plans, runs two at a time, does nothing again, collects; each run is that of rbm-rg train", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "s.yaml"), tiny);
      const plan = rbmRg(folder, "sweep", "plan", "s.yaml");
      expect(plan.status).toBe(0);
      expect(plan.stdout.split("\n")[0]).toMatch(
        /^task +id +reason +sample\.temperature +train\.l1 +memory +time$/,
      );
      expect(plan.stdout.match(/ new /g)).toHaveLength(4);
      expect(plan.stderr).toMatch(
        /4 tasks written to results\/tiny\/plan\.json.*\n.*4 tasks to run: roughly .*estimated/,
      );
      const bytes = readFileSync(join(folder, "results/tiny/plan.json"));
      expect(rbmRg(folder, "sweep", "collect", "s.yaml")).toMatchObject({ status: 66, stdout: "" });
      expect(counts(folder)).toMatchObject({
        total: 4,
        waiting: 4,
        running: 0,
        interrupted: 0,
        done: 0,
        failed: 0,
      });

      const run = rbmRg(folder, "sweep", "run", "s.yaml", "--jobs", "2");
      expect(run).toEqual({ status: 0, stdout: "results/tiny: 4 tasks, 4 done\n", stderr: "" });
      expect(counts(folder)).toMatchObject({ total: 4, done: 4 });
      expect(readdirSync(join(folder, "results/tiny/locks"))).toEqual([]);
      expect(readFileSync(join(folder, "results/tiny/plan.json"))).toEqual(bytes);
      const again = rbmRg(folder, "sweep", "run", "s.yaml");
      expect(again).toMatchObject({ status: 0, stdout: "results/tiny: 4 tasks, 0 done, 4 done before\n" });
      const tasks = planned(folder);
      expect(tasks.map(({ reason }) => reason)).toEqual(["done", "done", "done", "done"]);

      const collected = rbmRg(folder, "sweep", "collect", "s.yaml");
      expect(`${collected.stderr}${collected.status}`).toBe("0");
      const { columns, rows } = parseCsv(collected.stdout, "collect");
      expect(columns.slice(0, 6)).toEqual([
        "sample.temperature",
        "train.l1",
        "task",
        "run",
        "status",
        "name",
      ]);
      expect(rows.map((row) => `${row["sample.temperature"]} ${row["train.l1"]} ${row["l1"]}`)).toEqual([
        "2 0 0",
        "2 0.1 0.1",
        "3 0 0",
        "3 0.1 0.1",
      ]);
      expect(rows[3]).toMatchObject({
        task: tasks[3].id,
        name: "tiny-temperature=3-l1=0.1",
        coupling: String(1 / 3),
      });

      const flags = ["-L", "4", "-T", "3", "-n", "200", "--hidden", "4", "--epochs", "1", "--l1", "0.1"];
      expect(rbmRg(folder, "train", "-q", ...flags, "--threads", "1", "-o", "alone").status).toBe(0);
      const [alone, swept] = [tables(join(folder, "alone")), tables(join(folder, tasks[3].folder))];
      expect([...swept.keys()]).toEqual([...alone.keys()]);
      for (const [path, content] of alone) {
        if (path !== "summary.csv") expect(swept.get(path)!.equals(content), path).toBe(true);
      }
      const [own, other] = [alone, swept].map(
        (files) => parseCsv(String(files.get("summary.csv")), "").rows[0],
      );
      const differing = Object.keys(own).filter((column) => own[column] !== other[column]);
      expect(differing).toEqual(["name", "data"]);
      for (const name of ["configurations.npy", "observables.csv", "manifest.json"]) {
        const [left, right] = ["alone", tasks[3].folder].map((path) => join(folder, path, "data", name));
        if (name === "manifest.json") expect(withoutProvenance(right)).toEqual(withoutProvenance(left));
        else expect(readFileSync(right).equals(readFileSync(left)), name).toBe(true);
      }
      expect(rbmRg(folder, "verify", tasks[3].folder).status).toBe(0);
    });
  });

  it("stops after a failed task, says where its log is, and goes on with --keep-going and --retry", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "s.yaml"), diverging);
      const [first] = planned(folder);
      const stopped = rbmRg(folder, "sweep", "run", "s.yaml", "-j", "1");
      expect(stopped.status).toBe(2);
      expect(stopped.stderr).toMatch(
        /task 0 \(.*learning_rate=1000000\) failed, exit code 1: training diverged.*Log: .*\.log/,
      );
      expect(stopped.stdout).toMatch(/2 tasks, 0 done, 1 failed, 1 waiting; the same command goes on/);
      expect(counts(folder)).toMatchObject({ failed: 1, waiting: 1 });
      expect(rbmRg(folder, "sweep", "status", "s.yaml").stdout).toMatch(/ failed +1000000 .*diverged/);
      const kept = rbmRg(
        folder,
        "sweep",
        "run",
        "s.yaml",
        "-j",
        "1",
        "--keep-going",
        "--retry",
        "1",
        "--json",
      );
      expect(kept.status).toBe(2);
      expect(JSON.parse(kept.stdout)).toMatchObject({ done: 1, failed: 1, waiting: 0 });
      const log = readFileSync(join(folder, "results/s/logs", `${first.id}.log`), "utf8");
      expect(log.match(/^# .* rbm-rg train/gm)).toHaveLength(3);
      const one = rbmRg(folder, "sweep", "task", "s.yaml", first.id.slice(0, 6));
      expect(one.status).toBe(1);
      expect(one.stderr).toMatch(/diverged/);
      expect(rbmRg(folder, "sweep", "task", "s.yaml", "--index", "1")).toMatchObject({
        status: 0,
        stderr: "",
      });
    });
  });

  it("lists tasks, and commands that a shell runs", () => {
    inFolder((folder) => {
      const file = "a sweep's file.yaml";
      writeFileSync(join(folder, file), tiny);
      expect(planned(folder, file)).toHaveLength(4);
      const lines = rbmRg(folder, "sweep", "list", file).stdout.trimEnd().split("\n");
      expect(lines).toHaveLength(4);
      expect(lines[2]).toMatch(/^2 [0-9a-f]{12} results\/tiny\/runs\/[0-9a-f]{12}$/);
      const commands = rbmRg(folder, "sweep", "list", file, "--commands").stdout.trimEnd().split("\n");
      writeFileSync(join(folder, "one.sh"), `${commands[0]}\n`);
      // From wherever it is run.
      expect(spawnSync("sh", [join(folder, "one.sh")], { cwd: tmpdir() }).status).toBe(0);
      const pending = rbmRg(folder, "sweep", "list", file, "--pending").stdout.trimEnd().split("\n");
      expect(pending).toEqual(lines.slice(1));
    });
  });

  it("lists commands that find data where they were when it was planned", () => {
    inFolder((folder) => {
      const flags = ["-q", "-L", "4", "-K", "0.4", "-n", "200", "-o", "data"];
      expect(rbmRg(folder, "sample", ...flags).status).toBe(0);
      writeFileSync(
        join(folder, "s.yaml"),
        "base: { data: { path: data }, model: { hidden: 4 }, train: { epochs: 1 } }\n",
      );
      expect(planned(folder)).toHaveLength(1);
      const command = rbmRg(folder, "sweep", "list", "s.yaml", "--commands").stdout;
      expect(spawnSync("sh", ["-c", command], { cwd: tmpdir(), encoding: "utf8" })).toMatchObject({
        status: 0,
        stderr: "",
      });
      expect(counts(folder)).toMatchObject({ done: 1 });
    });
  });

  it("status --watch ends when nobody reads it any more", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "s.yaml"), tiny);
      planned(folder);
      const watch = `"${process.execPath}" "${bin}" sweep status s.yaml --watch | head -n 1`;
      const { stdout, signal } = spawnSync("bash", ["-c", watch], {
        cwd: folder,
        encoding: "utf8",
        timeout: 600_000,
      });
      expect(signal).toBeNull();
      expect(stdout).toMatch(/^results\/tiny: 4 tasks, 4 waiting, /);
    });
  });

  it("task stops at a time limit, saves a checkpoint as often as asked, and tells events", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "s.yaml"), tiny.replace("epochs: 1", "epochs: 1000000"));
      const [first] = planned(folder);
      const stop = ["--time-limit", "4s", "--checkpoint-every", "1", "--events", "events.jsonl"];
      const { status, stderr } = rbmRg(folder, "sweep", "task", "s.yaml", first.id, ...stop);
      expect(stderr).toMatch(/the time limit is reached/);
      expect(status).toBe(75);
      const events = readFileSync(join(folder, "events.jsonl"), "utf8").trimEnd().split("\n");
      expect(events.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
        "task-started",
        "note",
        "task-interrupted",
      ]);
      const logs = join(folder, "results/tiny/logs");
      const log = readdirSync(logs).map((name) => readFileSync(join(logs, name), "utf8"));
      expect(log.join("")).toMatch(/rbm-rg (sample|train) .* --checkpoint-every 1$/m);
      for (const flags of [
        ["--time-limit", "0s"],
        ["--checkpoint-every", "never"],
      ]) {
        expect(rbmRg(folder, "sweep", "task", "s.yaml", first.id, ...flags).status).toBe(64);
      }
    });
  });

  it("run waits for what another process runs, and ends when all is done", async () => {
    const folder = laterRemoved();
    writeFileSync(join(folder, "s.yaml"), tiny.replace("[2, 3]", "[2]").replace("epochs: 1", "epochs: 400"));
    const tasks = planned(folder);
    const other = start(folder, "sweep", "task", "s.yaml", tasks[0].id);
    await until(() => existsSync(join(folder, tasks[0].folder, "manifest.json")));
    const { status, stdout, stderr } = rbmRg(folder, "sweep", "run", "s.yaml", "-j", "1");
    expect(stderr).toMatch(
      new RegExp(
        `^rbm-rg: waiting for what other processes run: task 0 \\(${tasks[0].id}\\) by process ${other.child.pid} on`,
        "m",
      ),
    );
    expect(`${stdout}${status}`).toBe("results/tiny: 2 tasks, 2 done\n0");
    expect(await other.ended).toBe(0);
    expect(rbmRg(folder, "sweep", "collect", "s.yaml").stdout.trimEnd().split("\n")).toHaveLength(3);
  });

  it("samples once what two processes need at the same time", async () => {
    const folder = laterRemoved();
    writeFileSync(join(folder, "s.yaml"), tiny.replace("[2, 3]", "[2]"));
    const tasks = planned(folder);
    expect(new Set(tasks.map(({ data }) => data)).size).toBe(1);
    const codes = tasks.map(({ id }) => start(folder, "sweep", "task", "s.yaml", id).ended);
    expect(await Promise.all(codes)).toEqual([0, 0]);
    const hash = tasks[0].data!.split("/").at(-1)!;
    const log = readFileSync(join(folder, "results/tiny/logs", `data-${hash}.log`), "utf8");
    expect(log.match(/rbm-rg sample/g)).toHaveLength(1);
  });

  it("shares its tasks with another process that runs the same sweep", async () => {
    const folder = laterRemoved();
    writeFileSync(join(folder, "s.yaml"), tiny);
    const both = [1, 2].map(() => start(folder, "sweep", "run", "s.yaml", "-j", "1").ended);
    expect(await Promise.all(both)).toEqual([0, 0]);
    expect(counts(folder)).toMatchObject({ done: 4 });
    const names = readdirSync(join(folder, "results/tiny/logs")).filter((name) => name.endsWith(".log"));
    const logs = names.map((name) => readFileSync(join(folder, "results/tiny/logs", name), "utf8"));
    expect(logs).toHaveLength(6);
    for (const log of logs) expect(log.match(/^# /gm)).toHaveLength(1);
  });

  it("shows and collects a running sweep; asked to stop, it has its tasks save what they have, and goes on later", async () => {
    const folder = laterRemoved();
    writeFileSync(join(folder, "s.yaml"), `${tiny.replace("[0, 0.1]", "[0]")}  train.epochs: [1, 200000]\n`);
    const tasks = planned(folder);
    const { child, ended } = start(folder, "sweep", "run", "s.yaml", "-j", "2");
    const running = tasks.filter(({ assignment }) => assignment["train.epochs"] !== 1);
    const metrics = join(folder, running[0].folder, "metrics.csv");
    await until(() => existsSync(metrics));
    await until(() => Number(counts(folder)["done"]) >= 1);
    expect(counts(folder)).toMatchObject({ failed: 0 });
    expect(counts(folder)["running"]).toBeGreaterThan(0);
    expect(rbmRg(folder, "sweep", "collect", "s.yaml").stdout.trimEnd().split("\n").length).toBeGreaterThan(
      1,
    );
    const busy = rbmRg(folder, "sweep", "task", "s.yaml", running[0].id);
    expect(busy).toMatchObject({ status: 73 });
    expect(busy.stderr).toMatch(/is being run by process/);
    child.kill("SIGTERM");
    expect(await ended).toBe(143);
    expect(counts(folder)).toMatchObject({ failed: 0, running: 0 });
    expect(counts(folder)["interrupted"]).toBeGreaterThan(0);
    const reasons = planned(folder).map(({ reason }) => reason);
    expect(reasons).toContain("incomplete");
  });

  it.each([
    ["sweep plan absent.yaml", 66, /absent\.yaml/],
    ["sweep status s.yaml", 66, /not planned yet.*rbm-rg sweep plan s\.yaml/],
    ["sweep task s.yaml --index 0", 66, /not planned yet/],
    ["sweep run s.yaml --jobs 0", 64, /--jobs 0: expected a whole number from 1/],
    ["sweep run s.yaml --retry x", 64, /--retry x/],
    ["sweep run s.yaml --kernels fast", 64, /--kernels fast: expected one of/],
    ["sweep run s.yaml --threads-per-job 1.5", 64, /--threads-per-job 1\.5/],
    ["sweep slurm s.yaml --time soon", 64, /--time soon: expected hh:mm:ss/],
    ["sweep slurm s.yaml --time 00:00:00", 64, /--time 00:00:00: expected hh:mm:ss .* more than none/],
    ["sweep slurm s.yaml --tasks-per-element 0", 64, /--tasks-per-element 0: expected a whole number from 1/],
    ["sweep slurm s.yaml --partition a;b", 64, /--partition a;b/],
    ["sweep plan s.yaml -o occupied", 73, /occupied holds s\.yaml.*not the folder of a sweep/],
    [
      "sweep plan wrong.yaml",
      78,
      /2 errors in wrong\.yaml:\n {2}matrix\.train\.l1: -1.*\n? {2}?.*seeds: 0|2 errors/s,
    ],
    ["sweep", 64, /Usage: rbm-rg sweep/],
    ["sweep pln s.yaml", 64, /unknown command.*plan/s],
  ])("rbm-rg %s → exit code %i", (args, code, message) => {
    inFolder((folder) => {
      writeFileSync(join(folder, "s.yaml"), tiny);
      writeFileSync(join(folder, "wrong.yaml"), tiny.replace("[0, 0.1]", "[0, -1]\nseeds: 0"));
      cpSync(join(folder, "s.yaml"), join(folder, "occupied", "s.yaml"));
      const { status, stdout, stderr } = rbmRg(folder, ...args.split(" "));
      expect(stderr).toMatch(message);
      expect(status).toBe(code);
      expect(stdout).toBe("");
      expect(readdirSync(folder)).toEqual(["occupied", "s.yaml", "wrong.yaml"]);
    });
  });

  it("refuses a changed file, says how to go on, and extends", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "s.yaml"), tiny);
      const before = planned(folder);
      writeFileSync(join(folder, "s.yaml"), tiny.replace("[0, 0.1]", "[0, 0.2]"));
      for (const command of ["plan", "run", "slurm"]) {
        const refused = rbmRg(folder, "sweep", command, "s.yaml");
        expect(refused).toMatchObject({ status: 73, stdout: "" });
        expect(refused.stderr).toMatch(
          /2 tasks are new .*2 planned tasks are gone .*another name.*-o.*--extend/s,
        );
      }
      const extended = rbmRg(folder, "sweep", "plan", "s.yaml", "--extend", "--json");
      const { tasks } = JSON.parse(extended.stdout) as { readonly tasks: readonly ListedTask[] };
      expect(tasks.slice(0, 4)).toEqual(before);
      expect(tasks).toHaveLength(6);
    });
  });

  it("has an example with the sections of its own base", () => {
    const example = parseYaml(
      readFileSync(join(root, "configs", "temperature-sweep.yaml"), "utf8"),
      "example",
    );
    expect(Object.keys(example)).toEqual(["name", "base", "matrix", "seeds", "exclude"]);
    inFolder((folder) => {
      expect(planned(folder, join(root, "configs", "temperature-sweep.yaml"))).toHaveLength(5);
    });
  });
});
