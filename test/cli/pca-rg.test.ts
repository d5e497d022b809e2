import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv, readText } from "../../src/io/index.js";
import { inFolder } from "./run.js";
import { expectWhole, smokeVerdicts } from "./smoke-study.js";

describe("reproduce pca-rg --scale smoke", () => {
  it("answers every claim, says undecided where the scale measures nothing, and draws its figures", () => {
    inFolder((folder) => {
      const verdictOf = smokeVerdicts(folder, "pca-rg");
      expect(verdictOf("exactly 1")).toBe("yes");
      expect(verdictOf("independent spins follow")).toBe("yes");
      expect(verdictOf("Gaussian data stay at 3")).toBe("yes");
      expect(verdictOf("at T = T_c the leading mode")).toBe("yes");
      expect(verdictOf("shows that units interact")).toBe("no");
      expect(verdictOf("calls no data without criticality")).toBe("yes");
      expect(verdictOf("tells the phases")).toBe("undecided");
      expect(verdictOf("falls with the epochs")).toBe("undecided");
      expect(verdictOf("stiffest at T_c")).toBe("undecided");
      expect(verdictOf("one loop of the last mode kept")).toBe("no");
      const figures = ["ising-fourth-moments", "critical-spectrum", "synthetic", "fisher-spectra"];
      expectWhole(folder, [...figures, "fisher-dimension", "weights-and-modes"]);
      const sets = parseCsv(readText(join(folder, "b/tables/synthetic.csv")), "synthetic.csv").rows;
      expect(sets.map(({ data }) => data)).toHaveLength(7);
      const ising = parseCsv(readText(join(folder, "b/tables/ising.csv")), "ising.csv").rows;
      expect(ising).toHaveLength(3);
      expect(readFileSync(join(folder, "b/SUMMARY.md"), "utf8")).toContain("](figures/synthetic.png)");
    });
  });
});
