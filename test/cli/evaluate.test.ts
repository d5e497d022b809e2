import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { exactIsingLogPartition } from "../../src/ising/free-energy.js";
import { torus } from "../../src/ising/lattice.js";
import { isingModel } from "../../src/ising/model.js";
import { withError } from "../../src/statistics/number-text.js";
import { inFolder, rbmRg } from "./run.js";

describe("evaluate", () => {
  it("writes and prints what a trained layer is, and a run may end with it", () => {
    inFolder((folder) => {
      const train = ["train", "-q", "-L", "3", "-K", "0.4", "-n", "2000", "--hidden", "6", "--epochs", "2"];
      expect(rbmRg(folder, ...train, "-o", "run").status).toBe(0);
      const { status, stdout: shown } = rbmRg(folder, "evaluate", "run");
      expect(status).toBe(0);
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
      expect(rows.get("mean_d_data")).toMatchObject({ error: "0", remark: "⟨D⟩_P, D = H − H_λ, exact" });
      expect(rows.get("correlation_r1")).toMatchObject({ reference_error: "0", remark: "exact" });
      const last = parseCsv(readFileSync(join(folder, "run", "metrics.csv"), "utf8"), "metrics").rows.at(-1)!;
      expect(value("kl_per_spin")).toBeCloseTo(Number(last["kl_per_spin"]), 9);
      expect(Math.abs(value("log_partition_bennett") - value("log_partition_exact"))).toBeLessThan(
        4 * error("log_partition_bennett"),
      );
      expect(shown).toMatch(
        /^quantity +value\(error\) +reference\(error\) +z +deviation +tau +ess +remark\n/,
      );
      const energy = withError(value("energy"), error("energy"));
      expect(energy).toMatch(/^-\d\.\d+\(\d\d\)$/);
      const exact = Number(Number(rows.get("energy")!["reference"]).toPrecision(10));
      expect(shown).toContain(`\nenergy                     ${energy}`);
      expect(shown).toMatch(
        new RegExp(`^energy +\\S+ +${exact} +-?\\d+\\.\\d +\\S+ +\\S+ +\\d+ +exact$`, "m"),
      );
      expect(shown).toMatch(/^log_partition_exact +\d+\.\d+ +– +– /m);
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
        expect(rbmRg(folder, "evaluate", run, "-q")).toMatchObject({ status: 0, stdout: "" });
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
      // training has integrated it for its metrics
      const metrics = readFileSync(join(folder, "field", "metrics.csv"), "utf8");
      const [epoch] = parseCsv(metrics, "metrics").rows;
      expect([epoch["free_energy_target"], epoch["free_energy_target_error"]]).toEqual([
        field["value"],
        field["error"],
      ]);
      expect(epoch["kl_per_spin"]).not.toBe("");
      const plain = ["train", ...small, ...ising, "--set", "train.estimate_log_partition=false"];
      expect(rbmRg(folder, ...plain, "-o", "plain").status).toBe(0);
      const without = parseCsv(readFileSync(join(folder, "plain", "metrics.csv"), "utf8"), "metrics").rows;
      expect(without[0]["free_energy_target"]).toBe("");
      const weights = (run: string) => readFileSync(join(folder, run, "weights-1.npy"));
      expect(weights("plain").equals(weights("field"))).toBe(true);

      const data = ["--data", "field/data/configurations.npy", "--log-partition", "120±0.5"];
      const given = evaluated("given", ...data);
      expect(given.get("free_energy_target")).toMatchObject({
        value: "-120",
        error: "0.5",
        remark: "F, as given",
      });
      expect(given.has("kl_per_spin")).toBe(false);

      const absurd = ["--data", "field/data/configurations.npy", "--log-partition", "1e15", "-o", "absurd"];
      expect(rbmRg(folder, "train", ...small.slice(1), ...absurd).stderr).toMatch(
        /warning: ln Z = 1000000000000000 is given, but a 169 × 1 layer .* has ln Z ≤/,
      );
    });
  });

  it("refuses files that are not as they were written, and signs none of them", () => {
    inFolder((folder) => {
      rbmRg(folder, "sample", "-L", "3", "-K", "0.4", "-n", "200", "-q", "-o", "data");
      const train = ["train", "-q", "--data", "data", "--hidden", "2", "--epochs", "1"];
      expect(rbmRg(folder, ...train, "-o", "run").status).toBe(0);
      const file = (...path: readonly string[]) => join(folder, ...path);
      const spoilt = (damage: () => void, ...path: readonly string[]) => {
        const whole = readFileSync(file(...path));
        damage();
        const results = (["evaluate", "report"] as const).map((command) => rbmRg(folder, command, "run"));
        const verified = rbmRg(folder, "verify", "run");
        writeFileSync(file(...path), whole);
        return { results, verified };
      };
      const flip = (...path: readonly string[]) => {
        const bytes = readFileSync(file(...path));
        bytes[bytes.length - 1] ^= 1;
        writeFileSync(file(...path), bytes);
      };
      for (const path of ["weights-1.npy", "hidden-bias-1.npy", "visible-bias-1.npy", "metrics.csv"]) {
        const { results, verified } = spoilt(
          () => {
            flip("run", path);
          },
          "run",
          path,
        );
        for (const { status, stderr } of results) {
          expect(stderr).toMatch(
            new RegExp(`${path} is not as it was written.*Put the original back, or train`),
          );
          expect(status).toBe(65);
        }
        expect(verified.stdout).toMatch(new RegExp(`changed +${path}`));
      }
      const observables = spoilt(
        () => {
          flip("data", "observables.csv");
        },
        "data",
        "observables.csv",
      );
      for (const { status, stderr } of observables.results) {
        expect([status, stderr]).toEqual([65, expect.stringContaining("observables.csv is not as it was")]);
      }
      // Other data in the place of these, whole by themselves.
      renameSync(file("data"), file("kept"));
      rbmRg(folder, "sample", "-L", "3", "-K", "0.4", "-n", "200", "-q", "--seed", "2", "-o", "data");
      const other = rbmRg(folder, "evaluate", "run");
      expect([other.status, other.stderr]).toEqual([
        65,
        expect.stringMatching(/data is not as it was written/),
      ]);
      rmSync(file("data"), { recursive: true });
      renameSync(file("kept"), file("data"));

      // What is not read keeps its hash, too: only what is written is signed.
      flip("run", "weights-1.csv");
      for (const command of ["evaluate", "report"])
        expect(rbmRg(folder, command, "run", "-q").status).toBe(0);
      const { status, stdout } = rbmRg(folder, "verify", "run");
      expect(stdout).toMatch(/changed +weights-1\.csv\n$/);
      expect(stdout).not.toMatch(/new|evaluation|summary|figures/);
      expect(status).toBe(65);
    });
  });

  it("leaves nothing behind where the run is trained anew", () => {
    inFolder((folder) => {
      const train = ["train", "-q", "-L", "3", "-K", "0.4", "-n", "200", "--hidden", "2", "--epochs", "1"];
      expect(rbmRg(folder, ...train, "-o", "run").status).toBe(0);
      expect(rbmRg(folder, "evaluate", "run", "-q").status).toBe(0);
      expect(rbmRg(folder, "fisher", "run", "-q", "-o", "run/fisher").status).toBe(0);
      expect(rbmRg(folder, "pca", "run/data", "-q", "-o", "run/more/pca").status).toBe(0);
      mkdirSync(join(folder, "run", "mine"));
      writeFileSync(join(folder, "run", "mine", "manifest.json"), "{}");
      const before = readdirSync(join(folder, "run"));
      expect(before).toEqual(expect.arrayContaining(["evaluation.csv", "fisher", "more"]));
      expect(rbmRg(folder, ...train, "--seed", "2", "--force", "-o", "run").status).toBe(0);
      expect(rbmRg(folder, ...train, "--seed", "2", "-o", "fresh").status).toBe(0);
      const after = readdirSync(join(folder, "run"));
      expect(after).not.toContain("evaluation.csv");
      expect(after).not.toContain("fisher");
      expect(readdirSync(join(folder, "run", "more"))).toEqual([]);
      expect(readdirSync(join(folder, "run", "mine"))).toEqual(["manifest.json"]);
      expect(readdirSync(join(folder, "run", "figures"))).toEqual(
        readdirSync(join(folder, "fresh", "figures")),
      );
      const columns = (run: string) => readFileSync(join(folder, run, "summary.csv"), "utf8").split("\n")[0];
      expect(columns("run")).toBe(columns("fresh"));
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
