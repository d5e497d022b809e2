import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bin, inFolder, rbmRg } from "./run.js";
import { SmallDisk, smallDisks } from "./small-disk.js";
import { sharingSweep, sweepResults } from "./sweeps.js";

const FULL = /cannot write (\S+): the disk of \S+ is full\. Free some space or choose another folder/;

/** Every line of what a sweep says is about the full disk; returns what could not be written. */
function refusedPaths(stderr: string): readonly string[] {
  const lines = stderr.trimEnd().split("\n");
  for (const line of lines) {
    expect(line).toMatch(/^rbm-rg: (cannot write|task \d \(.*\) failed, exit code 73: cannot write) /);
    expect(line).toMatch(FULL);
  }
  return lines.map((line) => FULL.exec(line)![1]);
}

/** Hidden files and folders, which only a process that has not ended may leave. */
function unfinished(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".tmp"));
}

describe.skipIf(!smallDisks)("on a full disk, a sweep", () => {
  it("stops wherever that happens, and goes on once there is room, to the same bytes", () => {
    const whole = inFolder((folder) => {
      writeFileSync(join(folder, "s.yaml"), sharingSweep);
      expect(rbmRg(folder, "sweep", "run", "-q", "s.yaml").status).toBe(0);
      return sweepResults(folder, "s.yaml", "results/s");
    });
    const disk = new SmallDisk(4);
    writeFileSync(join(disk.folder, "s.yaml"), sharingSweep);
    const refused: string[] = [];
    const attempt = (blocks: number, ...command: readonly string[]): number | null => {
      disk.leave(blocks);
      const { status, stdout, stderr } = rbmRg(disk.folder, "sweep", ...command);
      if (status !== 0) {
        refused.push(...refusedPaths(stderr));
        expect(status).toBe(73);
        expect(stdout).toBe("");
        expect(unfinished(disk.folder)).toEqual([]);
      }
      return status;
    };
    expect(attempt(0, "plan", "s.yaml")).toBe(73);
    expect(attempt(1, "plan", "s.yaml")).toBe(73);
    expect(attempt(2, "plan", "-q", "s.yaml")).toBe(0);
    for (const blocks of [1, 3, 6]) expect(attempt(blocks, "task", "--index", "1", "s.yaml")).toBe(73);
    for (const blocks of [0, 9, 20]) expect(attempt(blocks, "run", "-q", "-j", "2", "s.yaml")).toBe(73);
    const status = rbmRg(disk.folder, "sweep", "status", "--json", "s.yaml");
    expect(JSON.parse(status.stdout)).toMatchObject({ total: 2, done: 0 });
    for (const place of [/plan\.(json|lock)/, /\/(tasks|locks|logs)\//, /\/data\//, /\/runs\//])
      expect(
        refused.some((path) => place.test(path)),
        `${place}: ${refused.join()}`,
      ).toBe(true);
    disk.clear();
    expect(rbmRg(disk.folder, "sweep", "run", "-q", "-j", "2", "s.yaml")).toMatchObject({ status: 0 });
    expect(sweepResults(disk.folder, "s.yaml", "results/s")).toEqual(whole);
    disk.leave(0);
    const command = `"${process.execPath}" "${bin}" sweep collect s.yaml > table.csv`;
    const { status: collected, stderr } = spawnSync("sh", ["-c", command], {
      cwd: disk.folder,
      encoding: "utf8",
    });
    expect(stderr).toMatch(/^rbm-rg: cannot write standard output: the disk .* is full/);
    expect(collected).toBe(73);
  });
});
