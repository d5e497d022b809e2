import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeNpy, parseCsv, readText } from "../../src/io/index.js";
import { normals } from "../analysis/pca/random-data.js";
import { type CliResult, inFolder, rbmRg } from "./run.js";

function csv(folder: string, ...path: readonly string[]): ReturnType<typeof parseCsv> {
  const file = join(folder, ...path);
  return parseCsv(readText(file), file);
}

/** Correlated heavy-tailed columns, one of them constant. */
function writeMarket(folder: string): void {
  const [rows, units] = [400, 12];
  const z = normals(rows * (units + 1), "market");
  const values = Float64Array.from({ length: rows * units }, (_, k) => {
    const [row, unit] = [Math.floor(k / units), k % units];
    return unit === 5 ? 3 : z[row * (units + 1) + unit] ** 3 + 2 * z[row * (units + 1) + units];
  });
  writeFileSync(join(folder, "market.npy"), encodeNpy(values, [rows, units]));
  const lines = Array.from({ length: rows }, (_, row) =>
    values.subarray(row * units, (row + 1) * units).join(","),
  );
  writeFileSync(
    join(folder, "market.csv"),
    `${Array.from({ length: units }, (_, i) => `s${i}`).join()}\n${lines.join("\n")}\n`,
  );
}

const tables = ["spectrum", "fourth-moments", "coupling-flow", "modes"];

describe("rbm-rg pca", () => {
  it("analyses an Ising dataset, beside the weights trained on it, and replaces the result with --force only", () => {
    inFolder((folder) => {
      const run = (...args: readonly string[]): CliResult => rbmRg(folder, ...args);
      run("train", "-q", "-L", "6", "-K", "0.3", "-n", "600", "--hidden", "8", "--epochs", "3", "-o", "run");
      const first = run("pca", "run/data", "--rbm", "run");
      expect(first.stderr).toBe("");
      expect(first.status).toBe(0);
      expect(first.stdout).toMatch(
        /^run\/data: 36 units, 600 observations\n(GAUSSIAN|UNDECIDED|NON-GAUSSIAN)/,
      );
      const out = join(folder, "results/pca-data");
      for (const name of [...tables, "fourier", "rbm-modes"]) {
        for (const kind of ["csv", "svg", "png"]) {
          expect(existsSync(join(out, "figures", `${name}.${kind}`))).toBe(true);
        }
      }
      const [summary] = csv(out, "pca.csv").rows;
      expect(summary).toMatchObject({ mean: "zero", unit_count: "36", fourth_moment_all_modes: "1" });
      expect(csv(out, "figures", "spectrum.csv").rows).toHaveLength(36);
      expect(csv(out, "figures", "fourier.csv").rows).toHaveLength(36);
      const manifest = JSON.parse(readText(join(out, "manifest.json"))) as Record<string, unknown>;
      expect(manifest).toMatchObject({ kind: "pca", seed: "1", options: { mean: "zero", shape: [6, 6] } });

      const before = readFileSync(join(out, "figures", "fourth-moments.csv"));
      expect(run("pca", "run/data", "--rbm", "run")).toMatchObject({ status: 73, stdout: "" });
      const again = run("pca", "run/data", "--rbm", "run", "--force", "--json");
      expect(again.status).toBe(0);
      expect(JSON.parse(again.stdout)).toMatchObject({ folder: "results/pca-data", unit_count: 36 });
      expect(readFileSync(join(out, "figures", "fourth-moments.csv")).equals(before)).toBe(true);
      writeFileSync(join(out, "notes.txt"), "mine");
      const refused = run("pca", "run/data", "--force");
      expect(refused.status).toBe(73);
      expect(refused.stderr).toMatch(/holds notes\.txt, which is not part of an analysis/);
      expect(readdirSync(join(folder, "results"))).toEqual(["pca-data"]);
    });
  });

  it("analyses the user's own matrix, the same from .npy and .csv", () => {
    inFolder((folder) => {
      writeMarket(folder);
      const shown = rbmRg(folder, "pca", "market.npy", "--standardize", "-o", "a");
      expect(shown.stderr).toBe("");
      expect(shown.stdout).toMatch(
        /market\.npy: 11 units, 400 observations, 1 constant column\(s\) left out/,
      );
      expect(rbmRg(folder, "pca", "market.csv", "--standardize", "-o", "b", "-q")).toMatchObject({
        status: 0,
        stdout: "",
        stderr: "",
      });
      for (const name of tables) {
        const [a, b] = ["a", "b"].map((out) => readText(join(folder, out, "figures", `${name}.csv`)));
        expect(a).toBe(b);
      }
      const [summary] = csv(folder, "a", "pca.csv").rows;
      expect(summary).toMatchObject({ mean: "data", constant_columns: "5" });
      const total = csv(folder, "a", "figures", "spectrum.csv").rows.reduce(
        (sum, row) => sum + Number(row["eigenvalue"]),
        0,
      );
      expect(total).toBeCloseTo(11, 10);
    });
  });

  it.each([
    ["nan.csv", 65, /nan\.csv, line 2: column 2 holds "NaN"/],
    ["ragged.csv", 65, /ragged\.csv, line 2/],
    ["text.csv", 65, /text\.csv.*a header but no rows/],
    ["one.npy", 65, /one\.npy holds 1 row/],
    ["wide.npy", 65, /wide\.npy has 5000 columns; at most 4096/],
    ["wide.csv", 65, /wide\.csv has 1000000 columns; at most 4096.*transposed/],
    ["million.npy", 65, /million\.npy has 1000000 columns; at most 4096/],
    ["one.csv", 65, /one\.csv holds 1 row.*transposed/],
    ["empty.csv", 65, /empty\.csv: contains no rows/],
    ["missing.csv", 65, /missing\.csv, line 2: column 2 is empty/],
    ["dates.csv", 65, /dates\.csv, line 2: column 1 \(date\) holds "2020-01-01"/],
    ["inf.npy", 65, /inf\.npy: row 2, column 1 is Infinity/],
    ["huge.npy", 65, /row 1, column 1 is 1e\+200; expected a number of at most 1e\+30/],
    ["tiny.npy", 65, /column 1 varies from 1e-200 to 3e-200, by less than 1e-30/],
    ["single.npy", 65, /1 of 3 columns vary: at least two/],
    ["flat.npy", 65, /flat\.npy: array of shape \(4\); expected \(observations, units\)/],
    ["same.npy", 65, /0 of 3 columns vary/],
    ["same.npy --lattice 5x5", 65, /3 columns, which does not fit lattice 5x5/],
    ["same.npy --mean none", 64, /--mean none: expected one of auto, data, zero/],
    ["same.npy --moment-rows 1", 64, /--moment-rows 1: expected a whole number ≥ 2/],
    ["good.npy --rbm absent", 66, /absent is not a folder/],
    ["good.npy -o occupied", 73, /occupied holds notes\.txt/],
    ["good.npy -o good.npy", 73, /good\.npy is a file/],
    ["absent.npy", 66, /absent\.npy does not exist/],
    ["occupied", 66, /occupied/],
  ])("rbm-rg pca %s → exit code %i, nothing written", (args, code, message) => {
    inFolder((folder) => {
      writeFileSync(join(folder, "nan.csv"), "1,2\n3,NaN\n");
      writeFileSync(join(folder, "ragged.csv"), "1,2\n3\n");
      writeFileSync(join(folder, "text.csv"), "once,upon,a,time\n");
      writeFileSync(join(folder, "wide.csv"), `${"1,".repeat(999_999)}1\n${"2,".repeat(999_999)}2\n`);
      writeFileSync(join(folder, "million.npy"), encodeNpy(new Int8Array(2e6), [2, 1e6]));
      writeFileSync(join(folder, "one.csv"), "1,2,3\n");
      writeFileSync(join(folder, "empty.csv"), "");
      writeFileSync(join(folder, "missing.csv"), "1,2\n3,\n");
      writeFileSync(join(folder, "dates.csv"), "date,a\n2020-01-01,1\n2020-01-02,2\n");
      writeFileSync(join(folder, "inf.npy"), encodeNpy(Float64Array.of(1, 2, Infinity, 4), [2, 2]));
      writeFileSync(join(folder, "huge.npy"), encodeNpy(Float64Array.of(1e200, 2, 3, 4), [2, 2]));
      writeFileSync(join(folder, "tiny.npy"), encodeNpy(Float64Array.of(1e-200, 2, 3e-200, 4), [2, 2]));
      writeFileSync(join(folder, "single.npy"), encodeNpy(Float64Array.of(1, 2, 3, 1, 5, 3), [2, 3]));
      writeFileSync(join(folder, "flat.npy"), encodeNpy(Float64Array.of(1, 2, 3, 4), [4]));
      writeFileSync(join(folder, "one.npy"), encodeNpy(Float64Array.of(1, 2, 3), [1, 3]));
      writeFileSync(join(folder, "same.npy"), encodeNpy(new Float64Array(12).fill(2), [4, 3]));
      writeFileSync(join(folder, "wide.npy"), encodeNpy(new Float64Array(10000), [2, 5000]));
      writeFileSync(join(folder, "good.npy"), encodeNpy(normals(200, "good"), [50, 4]));
      mkdirSync(join(folder, "occupied"));
      writeFileSync(join(folder, "occupied", "notes.txt"), "mine");
      const before = readdirSync(folder, { recursive: true });
      const { status, stdout, stderr } = rbmRg(folder, "pca", ...args.split(" "));
      expect(stderr).toMatch(message);
      expect(status).toBe(code);
      expect(stdout).toBe("");
      expect(stderr).not.toMatch(/internal error|^\s+at /m);
      expect(readdirSync(folder, { recursive: true })).toEqual(before);
    });
  });
});
