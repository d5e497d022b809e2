import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv, readText } from "../../src/io/index.js";
import { type CliResult, inFolder, rbmRg } from "./run.js";

function train(folder: string, name: string, epochs: number, ...args: readonly string[]): void {
  const common = ["train", "-q", "-n", "300", "--epochs", String(epochs), "-o", name];
  expect(rbmRg(folder, ...common, ...args).status).toBe(0);
}

describe("rbm-rg fisher", () => {
  it("writes the spectra of a run, the same for any number of threads, and its stiff directions", () => {
    inFolder((folder) => {
      train(folder, "run", 2, "-L", "6", "-K", "0.3", "--hidden", "10,4");
      const fisher = (...args: readonly string[]): CliResult =>
        rbmRg(folder, "fisher", "run", "--samples", "60", "--gibbs-steps", "5", ...args);
      const shown = fisher();
      expect(shown.status).toBe(0);
      expect(shown.stdout).toMatch(/^run +distribution.*\nrun +marginal +406 .*\nrun +joint +406 /);
      const out = join(folder, "results/fisher-run");
      const spectra = parseCsv(readText(join(out, "figures/spectra.csv")), "spectra.csv");
      expect(spectra.rows).toHaveLength(2 * 59);
      expect(spectra.rows[58]["eigenvalue_half"]).toBe("");
      for (const name of ["spectra", "directions-marginal", "directions-joint"]) {
        for (const kind of ["csv", "svg", "png"]) {
          expect(existsSync(join(out, "figures", `${name}.${kind}`))).toBe(true);
        }
      }
      expect(existsSync(join(out, "figures/effective-dimension.csv"))).toBe(false);
      expect(fisher().status).toBe(73);
      const summary = readFileSync(join(out, "fisher.csv"));
      const again = fisher("--force", "--threads", "3", "--json");
      expect(JSON.parse(again.stdout)).toMatchObject({
        spectra: [{ states: 60 }, { distribution: "joint" }],
      });
      expect(readFileSync(join(out, "fisher.csv")).equals(summary)).toBe(true);
      expect(fisher("--seed", "2", "-o", "other", "-q")).toMatchObject({ status: 0, stdout: "" });
      expect(readFileSync(join(folder, "other/fisher.csv")).equals(summary)).toBe(false);
      expect(fisher("--layer", "2", "-o", "second", "-q").status).toBe(0);
      expect(parseCsv(readText(join(folder, "second/fisher.csv")), "s").rows[1]).toMatchObject({
        visible: "10",
        hidden: "4",
        parameters: "54",
      });
      expect(fisher("--layer", "3", "-o", "third")).toMatchObject({ status: 64 });
    });
  });

  it("compares runs against temperature and epochs, exactly where states are few", () => {
    inFolder((folder) => {
      train(folder, "hot", 2, "--lattice", "5", "-T", "3", "--hidden", "4", "--no-bias");
      train(folder, "cold", 3, "--lattice", "5", "-T", "1", "--hidden", "4");
      const { status, stdout } = rbmRg(folder, "fisher", "hot", "cold", "-o", "out");
      expect(status).toBe(0);
      expect(stdout).toMatch(/hot +joint +20 .* exact /);
      const { rows } = parseCsv(readText(join(folder, "out/fisher.csv")), "fisher.csv");
      expect(
        rows.map(({ temperature, epochs, method, states, parameters }) => [
          temperature,
          epochs,
          method,
          states,
          parameters,
        ]),
      ).toEqual([
        ["3", "2", "enumeration", "32", "20"],
        ["3", "2", "enumeration", "512", "20"],
        ["1", "3", "enumeration", "32", "29"],
        ["1", "3", "enumeration", "512", "29"],
      ]);
      for (const name of ["effective-dimension.png", "directions-2-joint.csv", "spectra.svg"]) {
        expect(existsSync(join(folder, "out/figures", name))).toBe(true);
      }
    });
  });

  it.each([
    ["absent", 66, /absent is not a folder/],
    ["absent --samples 3", 64, /--samples 3: expected a whole number from 8 to 5000/],
    ["absent --samples 60000", 64, /--samples 60000: expected a whole number from 8 to 5000/],
    ["absent --layer x", 64, /--layer x: expected a whole number ≥ 1/],
    ["absent --gibbs-steps 0", 64, /--gibbs-steps 0/],
    ["absent --directions -1", 64, /--directions -1/],
  ])("rbm-rg fisher %s → exit code %i", (args, code, message) => {
    inFolder((folder) => {
      const { status, stdout, stderr } = rbmRg(folder, "fisher", ...args.split(" "));
      expect(stderr).toMatch(message);
      expect([status, stdout]).toEqual([code, ""]);
    });
  });
});
