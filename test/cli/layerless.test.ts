import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv, readText } from "../../src/io/index.js";
import { type CliResult, inFolder, rbmRg } from "./run.js";

const config = `sample: { lattice: 6x6, coupling: 0.3, samples: 400 }
model: { hidden: [] }
analyses: [pca]
`;

describe("a run without layers", () => {
  it("samples, analyses and reports; every command copes with it", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "config.yaml"), config);
      const run = (...args: readonly string[]): CliResult => rbmRg(folder, ...args);
      const dry = run("train", "--config", "config.yaml", "--dry-run");
      expect(dry.status).toBe(0);
      expect(dry.stdout).toMatch(/hidden: \[\]/);

      const first = run("train", "--config", "config.yaml", "-o", "a");
      expect(first.status).toBe(0);
      expect(first.stdout).toBe("no layers to train\nwritten: a/summary.csv\n");
      expect(readdirSync(join(folder, "a")).sort()).toEqual([
        "config.yaml",
        "data",
        "figures",
        "manifest.json",
        "pca.csv",
        "summary.csv",
      ]);
      const [summary] = parseCsv(readText(join(folder, "a/summary.csv")), "summary.csv").rows;
      expect(summary).toMatchObject({ hidden: "", samples: "400", pca_fourth_moment_all_modes: "1" });
      expect(summary["pca_verdict"]).toMatch(/^(Gaussian|undecided|non-Gaussian fixed point)$/);
      expect("epochs" in summary).toBe(false);
      expect(existsSync(join(folder, "a/figures/pca-fourth-moments.png"))).toBe(true);
      const manifest = JSON.parse(readText(join(folder, "a/manifest.json"))) as {
        status: string;
        timings: readonly { phase: string }[];
      };
      expect(manifest.status).toBe("finished");
      expect(manifest.timings.map(({ phase }) => phase)).toEqual(["sampling", "pca", "report"]);

      expect(run("train", "--config", "config.yaml", "-o", "a").stdout).toMatch(/finished already/);
      expect(run("verify", "a").status).toBe(0);
      const before = readFileSync(join(folder, "a/summary.csv"));
      expect(run("report", "a").status).toBe(0);
      expect(readFileSync(join(folder, "a/summary.csv")).equals(before)).toBe(true);
      expect(run("collect", "a").stdout).toMatch(/^run,status,name,.*pca_verdict/);
      expect(run("inspect", "a").status).toBe(0);
      for (const command of ["fisher", "evaluate"]) {
        const refused = run(command, "a");
        expect(refused.status).toBe(66);
        expect(refused.stderr).toMatch(/a has no (trained )?layer/);
      }

      // The same numbers as the command gives without flags, and as a run gives that reads the data.
      expect(
        run(
          "train",
          "--data",
          "a/data",
          "--set",
          "model.hidden=[]",
          "--set",
          "analyses=[pca]",
          "-q",
          "-o",
          "b",
        ).status,
      ).toBe(0);
      const spectra = ["a", "b"].map((name) => readText(join(folder, name, "figures/pca-spectrum.csv")));
      expect(run("pca", "a/data", "-q", "-o", "c").status).toBe(0);
      expect(spectra[1]).toBe(spectra[0]);
      expect(readText(join(folder, "c/figures/spectrum.csv"))).toBe(spectra[0]);
    });
  });

  it("analyses a trained layer as the commands do, and puts the figures into its summary", () => {
    inFolder((folder) => {
      const args = ["-L", "6", "-K", "0.3", "-n", "300", "--hidden", "8", "--epochs", "2", "-q", "-o", "run"];
      expect(rbmRg(folder, "train", ...args, "--set", "analyses=[pca, fisher]").status).toBe(0);
      const [summary] = parseCsv(readText(join(folder, "run/summary.csv")), "summary.csv").rows;
      expect(Number(summary["fisher_joint_effective_dimension_unbiased"])).toBeGreaterThan(100);
      expect(Number(summary["fisher_joint_effective_dimension_unbiased_half"])).toBeGreaterThan(100);
      expect(summary["fisher_marginal_verdict"]).not.toBe("");
      for (const name of ["pca-rbm-modes", "fisher-spectra", "fisher-directions-marginal"]) {
        expect(existsSync(join(folder, "run/figures", `${name}.svg`))).toBe(true);
      }
      expect(rbmRg(folder, "verify", "run").status).toBe(0);

      // Begun anew without analyses, nothing of them is left.
      expect(rbmRg(folder, "train", ...args, "--force").status).toBe(0);
      expect(existsSync(join(folder, "run/fisher.csv"))).toBe(false);
      const [plain] = parseCsv(readText(join(folder, "run/summary.csv")), "summary.csv").rows;
      expect("pca_verdict" in plain).toBe(false);
    });
  });

  it.each([
    ["analyses: [evaluate]", /analyses: "evaluate" looks at a trained layer, and model\.hidden is \[\]/],
    ["analyses: [pca, fisher]", /analyses: "fisher" looks at a trained layer/],
  ])("with %s is refused before anything is computed", (analyses, message) => {
    inFolder((folder) => {
      writeFileSync(join(folder, "config.yaml"), config.replace("analyses: [pca]", analyses));
      const { status, stderr } = rbmRg(folder, "train", "--config", "config.yaml", "-o", "a");
      expect(stderr).toMatch(message);
      expect(status).toBe(78);
      expect(existsSync(join(folder, "a"))).toBe(false);
    });
  });

  it("and principal components of too many sites are refused as well", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "config.yaml"), config.replace("6x6", "80x80"));
      const { status, stderr } = rbmRg(folder, "train", "--config", "config.yaml", "-o", "a");
      expect(stderr).toMatch(/analyses: "pca" takes at most 4096 visible units.*not 6400/);
      expect(status).toBe(78);
    });
  });
});
