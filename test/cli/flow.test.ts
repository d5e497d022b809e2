import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv, readText } from "../../src/io/index.js";
import { type CliResult, inFolder, rbmRg } from "./run.js";

const quick = ["-n", "64", "--steps", "2", "--reference-samples", "256", "-T", "inf,3:2:-1"] as const;

describe("rbm-rg flow", () => {
  it("writes the flows of a stack and its nulls into the run, the same for any number of threads", () => {
    inFolder((folder) => {
      const train = ["train", "-q", "-L", "6", "-K", "0.35", "-n", "300", "--hidden", "9,4", "--epochs", "1"];
      expect(rbmRg(folder, ...train, "-o", "run").status).toBe(0);
      const flow = (...args: readonly string[]): CliResult => rbmRg(folder, "flow", "run", ...quick, ...args);
      const shown = flow();
      expect(shown.status, shown.stderr).toBe(0);
      for (const machine of ["trained", "untrained", "pixel-shuffled", "site-permuted"]) {
        expect(shown.stdout).toMatch(new RegExp(`^${machine}, v → h → v′: .*residual test`, "m"));
        expect(shown.stdout).toMatch(new RegExp(`^${machine}, layer to layer: `, "m"));
      }
      const out = join(folder, "run/flow");
      const table = (name: string) => parseCsv(readText(join(out, name)), name).rows;
      // Nine hidden units fill a grid of 3 × 3, four fill none that is large enough.
      expect(table("thermometers.csv")).toHaveLength(4 * 3 * (3 + 2) * 5);
      for (const row of table("thermometers.csv")) {
        const [coupling, error] = [Number(row["coupling"]), Number(row["coupling_error"])];
        if (row["coupling"] === "" || row["coupling_error"] === "") continue;
        const hasTemperature = coupling > 2 * error;
        expect(row["temperature"] !== "", JSON.stringify(row)).toBe(hasTemperature);
        if (hasTemperature) expect(Number(row["temperature"])).toBeCloseTo(1 / coupling, 10);
      }
      expect(table("thermometers.csv").filter(({ coupling }) => Number(coupling) < 0).length).toBeGreaterThan(
        0,
      );
      expect(table("states.csv")).toHaveLength(4 * 3 * (3 + 2));
      expect(table("layouts.csv")).toHaveLength(9);
      const verdicts = table("verdicts.csv");
      expect(verdicts.filter(({ thermometer }) => thermometer === "all")).toHaveLength(8);
      expect(verdicts[0]).toMatchObject({ machine: "trained", flow: "gibbs", tested: "3" });
      expect(readdirSync(join(out, "figures")).sort()).toEqual(
        ["gibbs-changes", "gibbs-trajectories", "layers-changes", "layers-trajectories"].flatMap((name) =>
          ["csv", "png", "svg"].map((kind) => `${name}.${kind}`),
        ),
      );
      expect(rbmRg(folder, "verify", "run/flow").status).toBe(0);
      expect(rbmRg(folder, "verify", "run").status).toBe(0);
      const inspected = rbmRg(folder, "inspect", "run/flow").stdout;
      expect(inspected).toMatch(/analysis folder[^]*rbm-rg flow/);
      for (const name of ["verdicts", "thermometers", "states", "layouts"]) {
        const { stdout } = rbmRg(folder, "inspect", `run/flow/${name}.csv`, "--json");
        const text = readFileSync(join(out, `${name}.csv`), "utf8");
        for (const column of text.slice(0, text.indexOf("\n")).split(","))
          expect(stdout).toContain(`"${column}"`);
      }
      expect(flow().status).toBe(73);
      const before = readFileSync(join(out, "thermometers.csv"));
      const again = flow("--force", "--threads", "3", "--json");
      const { flows } = JSON.parse(again.stdout) as { flows: readonly { machine: string; words: string }[] };
      expect(flows[0]).toMatchObject({ machine: "trained", flow: "gibbs", tested: 3 });
      expect(readFileSync(join(out, "thermometers.csv")).equals(before)).toBe(true);
      expect(flow("--seed", "2", "--no-nulls", "-o", "other", "-q")).toMatchObject({ status: 0, stdout: "" });
      expect(parseCsv(readText(join(folder, "other/states.csv")), "states").rows).toHaveLength(15);
    });
  });

  it("refuses what has no flow, before any work", () => {
    inFolder((folder) => {
      const train = [
        "train",
        "-q",
        "--lattice",
        "8",
        "-K",
        "0.3",
        "-n",
        "100",
        "--hidden",
        "3",
        "--epochs",
        "1",
      ];
      expect(rbmRg(folder, ...train, "-o", "chain").status).toBe(0);
      for (const [args, code, message] of [
        ["absent", 66, /absent is not a folder/],
        ["chain", 65, /on a chain of 8 sites; thermometers need a torus/],
        ["absent --steps 0", 64, /--steps 0: expected a whole number ≥ 1/],
        ["absent -n 63", 64, /--samples 63: expected a whole number ≥ 64/],
        ["absent --reference-samples 9", 64, /--reference-samples 9/],
        ["absent -T 2", 64, /at least two temperatures/],
        ["absent -T 2,-1", 64, /temperatures above 0 or inf/],
        ["absent -T 2,x", 64, /temperatures above 0 or inf/],
      ] as const) {
        const { status, stdout, stderr } = rbmRg(folder, "flow", ...args.split(" "));
        expect(stderr).toMatch(message);
        expect([status, stdout], args).toEqual([code, ""]);
      }
      expect(existsSync(join(folder, "chain/flow"))).toBe(false);
    });
  });
});
