import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { everything, start, until } from "./kills.js";
import { inFolder, rbmRg } from "./run.js";
import { SmallDisk, smallDisks } from "./small-disk.js";
import { sharingSweep } from "./sweeps.js";

const train = "train -q -L 8 -K 0.42 -n 500 --hidden 32,4 --estimator pcd --checkpoint-every 1".split(" ");
const short = [...train, "--epochs", "3"];
const long = [...train, "--epochs", "100000"];
const slowlySampled = "train -q -L 16 -K 0.42 -n 2000 --hidden 4 --epochs 1 --algorithm metropolis".split(
  " ",
);

const MESSAGE =
  /^rbm-rg: (run has been deleted, moved or replaced while it was being written\. Give the same|cannot write run\/).*\n$/;

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Run a command until a file is there, then take the folder away; returns how the command ended. */
async function vanishing(folder: string, command: readonly string[], path: string, away: string) {
  const program = start(folder, ...command);
  await until(() => existsSync(join(folder, path)), `there is ${path}`);
  renameSync(join(folder, away), join(folder, "gone"));
  return await program.ended;
}

describe("a run whose folder vanishes", () => {
  it.each([
    ["while it samples", [...slowlySampled, "--set", "sample.spacing=200"], "config.yaml"],
    ["while it trains", long, "checkpoint/b.checkpoint"],
    ["while it reports", short, "summary.csv"],
  ])("%s says so, exits with 73 and leaves none in its place", async (_, command, path) => {
    const folder = freshFolder();
    const { status, stderr } = await vanishing(folder, [...command, "-o", "run"], `run/${path}`, "run");
    expect(stderr).toMatch(MESSAGE);
    expect(status).toBe(73);
    expect(readdirSync(folder)).toEqual(["gone"]);
  });

  it("writes nothing into another folder in its place", async () => {
    const folder = freshFolder();
    const program = start(folder, ...long, "-o", "run");
    await until(() => existsSync(join(folder, "run", "checkpoint", "b.checkpoint")), "there is a checkpoint");
    renameSync(join(folder, "run"), join(folder, "gone"));
    mkdirSync(join(folder, "run"));
    const { status, stderr } = await program.ended;
    expect(stderr).toMatch(MESSAGE);
    expect(status).toBe(73);
    expect(readdirSync(join(folder, "run"))).toEqual([]);
  });
});

describe("a sweep whose folder vanishes", () => {
  it("says so, exits with 73 and leaves none in its place", async () => {
    const folder = freshFolder();
    writeFileSync(join(folder, "s.yaml"), sharingSweep.replace("epochs: 2", "epochs: 100000"));
    expect(rbmRg(folder, "sweep", "plan", "-q", "s.yaml").status).toBe(0);
    const [task] = rbmRg(folder, "sweep", "list", "s.yaml").stdout.split("\n");
    const path = join(task.split(" ")[2], "metrics.csv");
    const run = ["sweep", "run", "-q", "-j", "2", "s.yaml"];
    const { status, stderr } = await vanishing(folder, run, path, "results/s");
    expect(stderr).toMatch(/^rbm-rg: cannot write results\/s\/failures\/\S+: .* does not exist/);
    expect(status).toBe(73);
    expect(readdirSync(join(folder, "results"))).toEqual([]);
  });
});

describe.skipIf(!smallDisks)("on a disk that is write-protected", () => {
  it("commands that write say so and exit with 73; those that read work", () => {
    const disk = new SmallDisk(4);
    const { folder } = disk;
    writeFileSync(join(folder, "s.yaml"), sharingSweep);
    expect(rbmRg(folder, ...short, "-o", "run").status).toBe(0);
    expect(rbmRg(folder, "sweep", "plan", "-q", "s.yaml").status).toBe(0);
    expect(disk.protect(true)).toBe(true);
    for (const command of [
      "sample -q -L 4 -K 0.4 -n 50 -o data",
      "train -q -L 4 -K 0.4 -n 50 --epochs 1 -o other",
      "report -q run",
      "sweep plan s.yaml -o other",
      "sweep run -q s.yaml",
      "sweep task --index 0 s.yaml",
    ]) {
      const { status, stdout, stderr } = rbmRg(folder, ...command.split(" "));
      expect(stderr, command).toMatch(
        /^rbm-rg: cannot write \S+: \S+ is on a read-only file system\. Choose .*\n$/,
      );
      expect(`${status}${stdout}`).toBe("73");
    }
    expect(rbmRg(folder, "verify", "run").status).toBe(0);
    expect(rbmRg(folder, "collect", "run").status).toBe(0);
    expect(rbmRg(folder, "sweep", "status", "s.yaml").status).toBe(0);
    expect(rbmRg(folder, ...short, "-o", "run")).toMatchObject({ status: 0, stderr: "" });
  });

  it("a run stops, and goes on when it is writable again, to the same bytes", async () => {
    const command = [...train, "--epochs", "20", "-o", "run"];
    const whole = inFolder((folder) => {
      expect(rbmRg(folder, ...command).status).toBe(0);
      return everything(join(folder, "run"));
    });
    const disk = new SmallDisk(4);
    const run = join(disk.folder, "run");
    const program = start(disk.folder, ...command);
    await until(() => existsSync(join(run, "checkpoint", "b.checkpoint")), "there is a checkpoint");
    while (!disk.protect(true)) await sleep(1);
    const { status, stderr } = await program.ended;
    expect(stderr).toMatch(/^rbm-rg: cannot write run\/\S+: run\S* is on a read-only file system\./);
    expect(status).toBe(73);
    expect(disk.protect(false)).toBe(true);
    expect(rbmRg(disk.folder, ...command).status).toBe(0);
    expect(everything(run)).toEqual(whole);
  });
});
