import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { rbmRg } from "./run.js";

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

it("prints values with their errors in parentheses, and writes them in full", () => {
  const folder = freshFolder();
  const { stdout } = rbmRg(folder, ..."sample -L 4 -K 0.4 -n 200 -o data".split(" "));
  const path = join(folder, "data/observables.csv");
  const [energy] = parseCsv(readFileSync(path, "utf8"), path).rows;
  const [value, error, exact] = ["value", "error", "exact"].map((column) => Number(energy[column]));
  expect(energy["error"].length).toBeGreaterThan(8);
  const shown = /^energy +(-\d\.(\d+))\((\d\d)\) +\S+ +\S+ +(-\S+) /m.exec(stdout)!;
  const unit = 10 ** -shown[2].length;
  expect(Math.abs(Number(shown[1]) - value)).toBeLessThanOrEqual(unit / 2);
  expect(Math.abs(Number(shown[3]) * unit - error)).toBeLessThanOrEqual(unit / 2);
  expect(Math.abs(Number(shown[4]) - exact)).toBeLessThan(1e-7);
});

const series = "sample -q -L 4 -T 2.0:2.2:0.1 -n 50 -o data".split(" ");

it("goes on with a series of temperatures where it was left, and samples nothing again", () => {
  const folder = freshFolder();
  expect(rbmRg(folder, ...series).status).toBe(0);
  const file = (label: string): string => join(folder, "data", label, "configurations.npy");
  const [before, lost] = [statSync(file("T2")).ino, readFileSync(file("T2.1"))];
  rmSync(join(folder, "data/T2.1"), { recursive: true });
  const again = rbmRg(folder, ...series, "--json");
  expect(again.status).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject([
    { path: "data/T2", skipped: true },
    { path: "data/T2.1", chains: 32 },
    { path: "data/T2.2", skipped: true },
  ]);
  expect(again.stderr).toContain(
    "data/T2 is sampled already, with this configuration (--force samples it again).",
  );
  expect(statSync(file("T2")).ino).toBe(before);
  expect(readFileSync(file("T2.1"))).toEqual(lost);
});

it("leaves a dataset that is another, or damaged, and says so", () => {
  const folder = freshFolder();
  expect(rbmRg(folder, ...series).status).toBe(0);
  expect(rbmRg(folder, ...series, "--seed", "8")).toMatchObject({
    status: 73,
    stderr: expect.stringContaining("data/T2 exists. Choose another -o") as string,
  });
  appendFileSync(join(folder, "data/T2.2/observables.csv"), "x");
  expect(rbmRg(folder, ...series)).toMatchObject({
    status: 73,
    stderr: expect.stringContaining("data/T2.2 exists.") as string,
  });
  expect(rbmRg(folder, ...series, "--force").status).toBe(0);
});
