import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inFolder, rbmRg } from "./run.js";

interface Document {
  readonly units: readonly Readonly<Record<string, unknown>>[];
  readonly layers: readonly Readonly<Record<string, unknown>>[];
  readonly correlations: readonly Readonly<Record<string, unknown>>[];
}

it("fields prints tables of a run, of one layer, to a file, and as JSON; the run's own table is the same", () => {
  inFolder((folder) => {
    const train = ["-L", "6", "-K", "0.35", "-n", "200", "--hidden", "5,3", "--epochs", "2", "-q"];
    expect(rbmRg(folder, "train", ...train, "-o", "run").status).toBe(0);

    const units = rbmRg(folder, "fields", "run");
    expect(units.status).toBe(0);
    expect(units.stdout).toBe(readFileSync(join(folder, "run", "receptive_fields.csv"), "utf8"));
    expect(units.stdout.trimEnd().split("\n")).toHaveLength(9);

    const second = rbmRg(folder, "fields", "run", "--layer", "2", "-o", "second.csv");
    expect([second.status, second.stdout]).toEqual([0, ""]);
    const rows = readFileSync(join(folder, "second.csv"), "utf8").trimEnd().split("\n");
    expect(rows).toEqual(
      units.stdout
        .trimEnd()
        .split("\n")
        .filter((line) => /^(layer|2,)/.test(line)),
    );

    const layers = rbmRg(folder, "fields", "run", "--table", "layers").stdout.trimEnd().split("\n");
    expect(layers.map((line) => line.split(",")[0])).toEqual(["layer", "1", "2"]);
    const correlations = rbmRg(folder, "fields", "run", "--table", "correlations").stdout;
    expect(correlations).toMatch(/^layer,distance,pairs,correlation,standard_error,spin_correlation\n1,/);

    const document = JSON.parse(rbmRg(folder, "fields", "run", "--json").stdout) as Document;
    expect(document.units).toHaveLength(8);
    expect(document.layers.map(({ units: count }) => count)).toEqual([5, 3]);
    expect(document.correlations.length).toBeGreaterThan(0);
  });
});

it("fields refuses a table or layer that is not there, and data without a lattice", () => {
  inFolder((folder) => {
    rbmRg(
      folder,
      "train",
      "-L",
      "4",
      "-K",
      "0.3",
      "-n",
      "50",
      "--hidden",
      "2",
      "--epochs",
      "1",
      "-q",
      "-o",
      "run",
    );
    for (const [args, status, message] of [
      [["run", "--table", "rows"], 64, /--table rows: expected one of units, layers, correlations/],
      [["run", "--layer", "2"], 64, /run has 1 layer/],
      [["run", "--layer", "0"], 64, /--layer 0: expected the number of a layer/],
      [["absent"], 66, /absent is not a folder/],
      [["run", "-o", "missing/out.csv"], 73, /missing/],
    ] as const) {
      const result = rbmRg(folder, "fields", ...args);
      expect(result.status, args.join(" ")).toBe(status);
      expect(result.stderr).toMatch(message);
    }
    expect(existsSync(join(folder, "missing"))).toBe(false);
    writeFileSync(join(folder, "run/weights-1.npy"), "other");
    for (const command of ["fields", "fisher", "couplings", "flow"]) {
      const changed = rbmRg(folder, command, "run");
      expect(changed.status, command).toBe(65);
      expect(changed.stderr).toMatch(/run\/weights-1\.npy is not as it was written/);
    }
  });
});
