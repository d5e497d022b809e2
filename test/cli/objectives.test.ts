import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { inFolder, rbmRg } from "./run.js";

type Row = Readonly<Record<string, string>>;

function rows(...path: readonly string[]): readonly Row[] {
  return parseCsv(readFileSync(join(...path), "utf8"), path.join("/")).rows;
}

const train = ["train", "--no-bias", "--epochs", "3"];

describe("rbm-rg train --objective", () => {
  it("free-energy closes the gap where it can, and says that this is not the distribution", () => {
    inFolder((folder) => {
      const options = [
        "-L",
        "8",
        "-K",
        "0.4",
        "-n",
        "3000",
        "--hidden",
        "8",
        "--learning-rate",
        "0.1",
        "-o",
        "a",
      ];
      const { status, stderr } = rbmRg(folder, ...train, "--objective", "free-energy", ...options);
      expect(status, stderr).toBe(0);
      expect(stderr).toMatch(/layer 1: gap closed but KL\/spin = 0\.3/);
      const last = rows(folder, "a", "metrics.csv").at(-1)!;
      expect(Math.abs(Number(last["free_energy_gap"]))).toBeLessThan(0.5);
      const [summary] = rows(folder, "a", "summary.csv");
      expect(summary).toMatchObject({ objective: "free-energy", gauge: "literal", estimator: "pcd" });
      expect(summary["diagnosis_1"]).toContain("gap closed but KL/spin = 0.3");
    });
  });

  it("free-energy shrinks to the zero RBM where it cannot, and says so", () => {
    inFolder((folder) => {
      const options = [
        "-L",
        "8",
        "-K",
        "0.2",
        "-n",
        "5000",
        "--hidden",
        "8",
        "--learning-rate",
        "0.1",
        "-o",
        "a",
      ];
      const { stderr } = rbmRg(
        folder,
        ...train,
        "--objective",
        "free-energy",
        "--estimator",
        "exact",
        ...options,
      );
      expect(stderr).toMatch(/unreachable: ln Z = 47\.\d+ < \(n\+m\) ln 2 = 49\.91 nats; .*the zero RBM/);
      expect(stderr).toContain("trivial: hidden layer independent of visible");
      expect(Number(rows(folder, "a", "metrics.csv").at(-1)!["squared_norm"])).toBeLessThan(1e-6);
    });
  });

  it("is followed by bounds on F, residuals with noise floors, and KL with its error, for every objective", () => {
    inFolder((folder) => {
      for (const objective of [
        ["kl", "--estimator", "pcd"],
        ["free-energy", "--gauge", "data", "--estimator", "pcd"],
        ["free-energy", "--gauge", "model"],
        ["trace", "--estimator", "pcd"],
        ["hybrid", "--mu", "0.01"],
      ]) {
        const options = [
          "-L",
          "6",
          "-K",
          "0.4",
          "-n",
          "1000",
          "--hidden",
          "6",
          "--learning-rate",
          "0.02",
          "-o",
          "a",
        ];
        const { status, stderr } = rbmRg(
          folder,
          ...train,
          "--force",
          "--objective",
          ...objective,
          ...options,
        );
        expect(status, stderr).toBe(0);
        const last = rows(folder, "a", "metrics.csv").at(-1)!;
        const number = (column: string): number => {
          expect(last[column], `${objective.join(" ")}: ${column}`).toMatch(/^-?[\d.]+(e-?\d+)?$/);
          return Number(last[column]);
        };
        const slack = 4 * (number("mean_d_data_error") + number("mean_d_model_error"));
        expect(number("free_energy_lower")).toBeLessThan(number("free_energy_target") + slack);
        expect(number("free_energy_upper")).toBeGreaterThan(number("free_energy_target") - slack);
        expect(number("kl_per_spin")).toBeGreaterThan(-4 * number("kl_per_spin_error"));
        expect(number("condition_kl")).toBeGreaterThan(0.3 * number("condition_kl_noise"));
        expect(number("condition_rg")).toBeGreaterThan(number("condition_rg_noise"));
      }
    });
  });

  it.each([
    ["enumerated", ["-L", "5", "--hidden", "4"]],
    ["sampled", ["-L", "6", "--hidden", "17"]],
  ])("fills every column of its metrics after every epoch, for every objective: %s", (_, size) => {
    inFolder((folder) => {
      for (const objective of [
        ["kl"],
        ["kl", "--estimator", "pcd"],
        ["trace"],
        ["free-energy", "--gauge", "data"],
        ["hybrid", "--mu", "0.01"],
      ]) {
        const options = [...size, "-K", "0.35", "-n", "500", "--batch-size", "250", "-o", "a"];
        const run = ["train", "--epochs", "2", "--force", "-q", "--objective", ...objective, ...options];
        const { status, stderr } = rbmRg(folder, ...run);
        expect(status, stderr).toBe(0);
        for (const row of rows(folder, "a", "metrics.csv")) {
          for (const [column, value] of Object.entries(row)) {
            expect(value, `${objective.join(" ")}: ${column}`).toMatch(/^-?\d/);
          }
          const of = (column: string): number => Number(row[column]);
          const slack = 5 * (of("mean_d_data_error") + of("mean_d_model_error"));
          expect(of("free_energy_lower")).toBeLessThan(of("free_energy_target") + slack);
          expect(of("free_energy_upper")).toBeGreaterThan(of("free_energy_target") - slack);
          expect(of("condition_rg_noise") === 0).toBe(size.includes("4"));
        }
      }
    });
  });

  it("does not call a gap closed that no parameters can close", () => {
    inFolder((folder) => {
      const ring = [
        "--lattice",
        "12",
        "-K",
        "0.5",
        "--field",
        "0.3",
        "--hidden",
        "4",
        "-n",
        "100",
        "-o",
        "a",
      ];
      const { stderr } = rbmRg(folder, "train", "--epochs", "2", "--objective", "free-energy", ...ring);
      expect(stderr).toMatch(/unreachable/);
      expect(stderr).not.toMatch(/closed/);
    });
  });

  it("finds out before any computation that F or H of imported data is not known, and takes ln Z from the user", () => {
    inFolder((folder) => {
      rbmRg(folder, "sample", "-L", "4", "-K", "0.4", "-n", "200", "-o", "data");
      copyFileSync(join(folder, "data", "configurations.npy"), join(folder, "x.npy"));
      const imported = [...train, "--data", "x.npy", "--hidden", "2", "--objective"];
      const withoutF = rbmRg(folder, ...imported, "free-energy", "-o", "a");
      expect([withoutF.status, withoutF.stderr]).toEqual([
        78,
        expect.stringContaining("--log-partition X±dX"),
      ]);
      const withoutH = rbmRg(folder, ...imported, "trace", "-o", "a");
      expect([withoutH.status, withoutH.stderr]).toEqual([
        78,
        expect.stringContaining("needs the Hamiltonian"),
      ]);
      const given = rbmRg(folder, ...imported, "free-energy", "--log-partition", "13.5+-0.1", "-o", "a");
      expect(given.status, given.stderr).toBe(0);
      const last = rows(folder, "a", "metrics.csv").at(-1)!;
      expect([last["free_energy_target"], last["free_energy_target_error"]]).toEqual(["-13.5", "0.1"]);
      expect(last["mean_d_data"]).toBe("");
      for (const wrong of ["11±-1", "1e400", "1±1e400"]) {
        const refused = rbmRg(folder, ...imported, "kl", "--log-partition", wrong, "-o", "b");
        expect([refused.status, refused.stderr]).toEqual([
          78,
          expect.stringMatching(/data\.log_partition: "1.*": expected a number, or one with its standard/),
        ]);
      }
      const other = rbmRg(folder, ...imported, "free-energy", "--log-partition", "13.6", "-o", "a");
      expect(other.status, "another ln Z is another run").toBe(73);
    });
  });
});
