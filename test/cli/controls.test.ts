import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { inFolder, rbmRg } from "./run.js";

const train = [
  "train",
  "-q",
  "-L",
  "8",
  "-K",
  "0.4",
  "-n",
  "400",
  "--hidden",
  "6,3",
  "--epochs",
  "1",
] as const;

function tableOf(folder: string, ...path: readonly string[]) {
  const file = join(folder, ...path);
  return parseCsv(readFileSync(file, "utf8"), file).rows;
}

it("a control of the data is trained on in their place, of the weights it is what is analysed", () => {
  inFolder((folder) => {
    const run = (name: string, ...args: readonly string[]) => {
      const { status, stderr } = rbmRg(folder, ...train, ...args, "-o", name);
      expect(`${stderr}${status}`).toBe("0");
      return tableOf(folder, name, "summary.csv")[0];
    };
    const plain = run("plain");
    const permuted = run("permuted", "--control", "site-permuted");
    expect([permuted["data_control"], permuted["coupling"], permuted["energy_exact"]]).toEqual([
      "site-permuted",
      "0.4",
      "",
    ]);
    expect(plain["data_control"]).toBeUndefined();
    expect(plain["energy_exact"]).not.toBe("");
    expect(rbmRg(folder, ...train, "--control", "site-permuted", "-o", "plain").stderr).toMatch(
      /different run/,
    );
    expect(rbmRg(folder, "verify", "permuted").status).toBe(0);

    const shuffled = run("shuffled", "--set", "model.control=pixel-shuffled");
    const weights = (name: string): Buffer => readFileSync(join(folder, name, "weights-1.npy"));
    expect(weights("shuffled").equals(weights("plain"))).toBe(true);
    const ratio = (row: Readonly<Record<string, string>>): number => Number(row["participation_ratio_1"]);
    expect(Math.abs(ratio(shuffled) / ratio(plain) - 1)).toBeLessThan(1e-12);
    expect(shuffled["radius_of_gyration_1"]).not.toBe(plain["radius_of_gyration_1"]);
    expect(shuffled["weight_control"]).toBe("pixel-shuffled");
    // What the trained layers are says nothing of the shuffled ones.
    const told = ["reconstruction_error_1", "kl_per_spin_1", "diagnosis_1"];
    expect(told.map((column) => shuffled[column])).toEqual(["", "", ""]);
    expect(plain["reconstruction_error_1"]).not.toBe("");
  });
});

it("zero epochs leave the stack as it begins, with fields and no metrics", () => {
  inFolder((folder) => {
    const { status, stderr } = rbmRg(
      folder,
      ...[...train, "--epochs", "0", "--set", "analyses=[fields, reconstruct]", "-o", "run"],
    );
    expect(`${stderr}${status}`).toBe("0");
    expect(existsSync(join(folder, "run", "metrics.csv"))).toBe(false);
    const [summary] = tableOf(folder, "run", "summary.csv");
    expect([summary["epochs"], summary["beyond_null_fraction_2"], summary["reconstruction_error_1"]]).toEqual(
      ["0", "0", ""],
    );
    expect(Number(summary["reconstruction_accuracy_2"])).toBeGreaterThan(0.4);
    expect(tableOf(folder, "run", "fields-controls.csv")).toHaveLength(8);
    expect(rbmRg(folder, "report", "-q", "run").status).toBe(0);
    const page = readFileSync(join(folder, "run", "report.html"), "utf8");
    expect(page).toContain("<h2>How to reproduce it</h2>");
    expect(page.match(/<figure>/g)).toHaveLength(5);
    expect(rbmRg(folder, "verify", "run").status).toBe(0);
  });
});

it("runs of a sweep share a dataset of each control", () => {
  inFolder((folder) => {
    writeFileSync(
      join(folder, "s.yaml"),
      "base: { sample: { lattice: 6x6, coupling: 0.4, samples: 100 }, train: { epochs: 1 } }\n" +
        "matrix: { sample.control: [none, gaussian-clone], model.hidden: [2, 3] }\n",
    );
    expect(rbmRg(folder, "sweep", "run", "s.yaml", "-q", "-o", "s").status).toBe(0);
    const datasets = readdirSync(join(folder, "s", "data")).filter((name) => !name.endsWith(".yaml"));
    expect(datasets).toHaveLength(2);
    const controls = datasets.map((name) => {
      const text = readFileSync(join(folder, "s", "data", name, "manifest.json"), "utf8");
      return (JSON.parse(text) as { control?: string }).control ?? "none";
    });
    expect(controls.sort()).toEqual(["gaussian-clone", "none"]);
    const runs = readdirSync(join(folder, "s", "runs")).map(
      (id) => tableOf(folder, "s", "runs", id, "summary.csv")[0],
    );
    expect(runs.map((row) => row["data_control"] ?? "none").sort()).toEqual([
      "gaussian-clone",
      "gaussian-clone",
      "none",
      "none",
    ]);
    expect(runs.every((row) => row["coupling"] === "0.4")).toBe(true);
  });
});

it("says what a control can be", () => {
  inFolder((folder) => {
    const wrong = rbmRg(folder, ...train, "--control", "permuted", "-o", "run");
    expect(wrong.status).toBe(78);
    expect(wrong.stderr).toMatch(
      /sample\.control: "permuted": expected one of none, infinite-temperature, zero-or-infinite-temperature, mean-field, site-permuted/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});
