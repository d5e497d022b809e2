import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { exactIsingLogPartition } from "../../src/ising/free-energy.js";
import { torus } from "../../src/ising/lattice.js";
import { isingModel } from "../../src/ising/model.js";
import { inFolder, rbmRg } from "./run.js";

describe("evaluate", () => {
  it("writes and prints what a trained layer is, and a run may end with it", () => {
    inFolder((folder) => {
      const train = ["train", "-q", "-L", "3", "-K", "0.4", "-n", "2000", "--hidden", "6", "--epochs", "2"];
      expect(rbmRg(folder, ...train, "-o", "run").status).toBe(0);
      const first = rbmRg(folder, "evaluate", "run", "--quiet");
      expect({ status: first.status, stdout: first.stdout }).toEqual({ status: 0, stdout: "" });
      const path = join(folder, "run", "evaluation.csv");
      const rows = new Map(
        parseCsv(readFileSync(path, "utf8"), path).rows.map((row) => [row["quantity"], row] as const),
      );
      const value = (name: string): number => Number(rows.get(name)!["value"]);
      const error = (name: string): number => Number(rows.get(name)!["error"]);
      expect(value("free_energy_gap")).toBeCloseTo(value("log_partition") + value("free_energy_target"), 10);
      expect(value("bound_lower")).toBeLessThan(value("free_energy_target") + 4 * error("bound_lower"));
      expect(value("bound_upper")).toBeGreaterThan(value("free_energy_target") - 4 * error("bound_upper"));
      expect(rows.get("energy")!["remark"]).toBe("exact");
      expect(Math.abs(value("log_partition_bennett") - value("log_partition_exact"))).toBeLessThan(
        4 * error("log_partition_bennett"),
      );
      const summary = readFileSync(join(folder, "run", "summary.csv"), "utf8");
      expect(summary.split("\n")[0]).toMatch(/,model_kl_per_spin,model_kl_per_spin_error,/);

      expect(rbmRg(folder, ...train, "--set", "analyses=[evaluate]", "-o", "whole").status).toBe(0);
      expect(readFileSync(join(folder, "whole", "evaluation.csv"), "utf8")).toBe(readFileSync(path, "utf8"));
      expect(readdirSync(join(folder, "whole", "figures"))).toContain("correlations.png");
    });
  });

  it("integrates the free energy of data in a field, and takes that of a file as it is given", () => {
    inFolder((folder) => {
      const small = ["-q", "--hidden", "1", "--epochs", "1"];
      const ising = ["-L", "13", "-K", "0.1", "--field", "0.2", "-n", "200"];
      const evaluated = (run: string, ...args: readonly string[]) => {
        expect(rbmRg(folder, "train", ...small, ...args, "-o", run).status).toBe(0);
        expect(rbmRg(folder, "evaluate", run, "-q").status).toBe(0);
        const path = join(folder, run, "evaluation.csv");
        return new Map(parseCsv(readFileSync(path, "utf8"), path).rows.map((row) => [row["quantity"], row]));
      };
      const field = evaluated("field", ...ising).get("free_energy_target")!;
      // ln Z/N of the 12×12 torus by the transfer matrix; K = 0.1 has ξ far below a site.
      const perSite = exactIsingLogPartition(isingModel(torus(12, 12), 0.1, 0.2))!.value / 144;
      expect(Math.abs(Number(field["value"]) + 169 * perSite)).toBeLessThan(
        4 * Number(field["error"]) + 1e-6,
      );
      expect(field["remark"]).toBe("F, thermodynamic integration");

      const data = ["--data", "field/data/configurations.npy", "--log-partition", "120±0.5"];
      const given = evaluated("given", ...data);
      expect(given.get("free_energy_target")).toMatchObject({
        value: "-120",
        error: "0.5",
        remark: "F, as given",
      });
      expect(given.has("kl_per_spin")).toBe(false);
    });
  });

  it.each([
    [["evaluate", "nothing"], 66, /not a folder/],
    [["evaluate"], 64, /missing required argument/],
    [
      ["train", "-L", "4", "-K", "1", "--set", "analyses=[x]"],
      78,
      /analyses\.0: "x": expected one of evaluate/,
    ],
  ] as const)("rbm-rg %j → %i", (args, status, message) => {
    inFolder((folder) => {
      const found = rbmRg(folder, ...args);
      expect(found.stderr).toMatch(message);
      expect(found.status).toBe(status);
      expect(readdirSync(folder)).toEqual([]);
    });
  });
});
