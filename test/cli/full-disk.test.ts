import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCheckpointFile } from "../../src/runs/checkpoint-file.js";
import { everything, manifestOf } from "./kills.js";
import { bin, inFolder, rbmRg } from "./run.js";
import { SmallDisk, smallDisks } from "./small-disk.js";

const FULL =
  /^rbm-rg: cannot write (\S+): the disk of \S+ is full\. Free some space or choose another folder\.\n$/;

const sample = "sample -q -L 8 -K 0.42 -n 100 --force -o data".split(" ");
const train =
  "train -q -L 8 -K 0.42 -n 100 --hidden 16,4 --epochs 3 --estimator pcd --batch-size 20 -o run".split(" ");

/** What a command leaves in a folder where there is room. */
function undisturbed(command: readonly string[], output: string): Map<string, string> {
  return inFolder((folder) => {
    expect(rbmRg(folder, ...command).status).toBe(0);
    return everything(join(folder, output));
  });
}

/** Expect every file of an unfinished run to be one of the finished run, whole; returns the status in its manifest. */
function expectWhole(run: string, finished: ReadonlyMap<string, string>): unknown {
  for (const [path, content] of everything(run)) {
    const there = finished.get(path);
    if (path.startsWith("checkpoint/")) readCheckpointFile(join(run, path));
    else if (path === "metrics.csv") {
      const [part, whole] = [content, there!].map((text) => Buffer.from(text, "base64").toString());
      expect(part.endsWith("\n")).toBe(true);
      expect(whole.startsWith(part)).toBe(true);
    } else if (path !== "manifest.json") expect(content === there, path).toBe(true);
  }
  return manifestOf(run)["status"];
}

describe.skipIf(!smallDisks)("on a full disk", () => {
  it("sample leaves nothing, or the dataset that was there", () => {
    const disk = new SmallDisk(1);
    const whole = undisturbed(sample, "data");
    const run = (): void => {
      const { status, stderr } = rbmRg(disk.folder, ...sample);
      expect(FULL.exec(stderr)?.[1]).toBe("data");
      expect(status).toBe(73);
    };
    for (const blocks of [0, 1, 3]) {
      disk.leave(blocks);
      run();
      expect(readdirSync(disk.folder)).toEqual([]);
    }
    disk.clear();
    expect(rbmRg(disk.folder, ...sample).status).toBe(0);
    disk.leave(2);
    run();
    expect(readdirSync(disk.folder)).toEqual(["data"]);
    expect(everything(join(disk.folder, "data"))).toEqual(whole);
  });

  it("train stops wherever that happens, and goes on once there is room, to the same bytes", () => {
    const disk = new SmallDisk(2);
    const run = join(disk.folder, "run");
    const whole = undisturbed(train, "run");
    const refused: string[] = [];
    // Blocks free at each start: so many that it stops in every phase; then more and more.
    const rooms = [2, 4, 10, 2, 3, 5, 7, 9];
    for (let start = 0; ; start++) {
      const blocks = rooms[start] ?? 20 * (start - 7);
      disk.leave(blocks);
      const every = blocks % 2 === 0 ? [] : ["--checkpoint-every", "1"];
      const { status, stderr } = rbmRg(disk.folder, ...train, ...every);
      if (status === 0) break;
      // Before it may stand where the run goes on, and what there is to say of its training.
      const lines = stderr.match(/^.*\n/gm) ?? [];
      expect(lines.filter((line) => !line.startsWith("rbm-rg: "))).toEqual([]);
      const [, path] = FULL.exec(lines.at(-1) ?? "") ?? [];
      expect(path, stderr).toBeDefined();
      expect(status).toBe(73);
      refused.push(path);
      expect(["running", "failed"]).toContain(expectWhole(run, whole));
    }
    for (const phase of [/data$/, /metrics|checkpoint/, /weights|bias/, /summary|receptive|figures/])
      expect(
        refused.some((path) => phase.test(path)),
        `${phase}: ${refused.join()}`,
      ).toBe(true);
    expect(everything(run)).toEqual(whole);
  });

  it("report says so, and writes all of it once there is room", () => {
    const disk = new SmallDisk(2);
    expect(rbmRg(disk.folder, ...train).status).toBe(0);
    const run = join(disk.folder, "run");
    expect(rbmRg(disk.folder, "report", "-q", "run").status).toBe(0);
    const whole = everything(run);
    rmSync(join(run, "figures"), { recursive: true });
    for (const blocks of [0, 10]) {
      disk.leave(blocks);
      const { status, stderr } = rbmRg(disk.folder, "report", "-q", "run");
      expect(stderr).toMatch(FULL);
      expect(status).toBe(73);
      expect(expectWhole(run, whole)).toBe("finished");
    }
    disk.clear();
    expect(rbmRg(disk.folder, "report", "-q", "run").status).toBe(0);
    expect(everything(run)).toEqual(whole);
    expect(rbmRg(disk.folder, "verify", "run").status).toBe(0);
  });

  it("what is printed into a file either fits or is an error", () => {
    const disk = new SmallDisk(1);
    const print = (blocks: number) => {
      disk.leave(blocks);
      const command = `"${process.execPath}" "${bin}" config schema > schema.json`;
      return spawnSync("sh", ["-c", command], { cwd: disk.folder, encoding: "utf8" });
    };
    for (const blocks of [0, 1]) {
      const { status, stderr } = print(blocks);
      expect(stderr).toMatch(
        /^rbm-rg: cannot write standard output: the disk of the file it goes to is full\./,
      );
      expect(status).toBe(73);
    }
    expect(print(20)).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(readFileSync(join(disk.folder, "schema.json"), "utf8"))).toHaveProperty("properties");
  });

  it("a log that is full changes neither the work nor its exit code", () => {
    const disk = new SmallDisk(1);
    disk.leave(0);
    const command = `"${process.execPath}" "${bin}" $0 2> log`;
    const run = (args: string) => spawnSync("sh", ["-c", command.replace("$0", args)], { cwd: disk.folder });
    expect(run("train -L 4 -K 0.4 -n 50 --epochs 1 -o run").status).toBe(73);
    expect(run("train -L 4 -K 0.4 -n 50 --estimator nonsense").status).toBe(78);
    expect(run("train --help").status).toBe(0);
  });
});

it.skipIf(process.platform !== "linux")("a device that is full is an error, too", () => {
  inFolder((folder) => {
    const command = `"${process.execPath}" "${bin}" config schema > /dev/full`;
    const { status, stderr } = spawnSync("sh", ["-c", command], { cwd: folder, encoding: "utf8" });
    expect(stderr).toMatch(/^rbm-rg: cannot write to standard output: ENOSPC/);
    expect(status).toBe(73);
  });
});
