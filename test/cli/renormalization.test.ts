import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv, readText } from "../../src/io/index.js";
import { inFolder } from "./run.js";
import { expectWhole, smokeVerdicts } from "./smoke-study.js";

describe("reproduce renormalization --scale smoke", () => {
  it("answers every claim, says undecided where the scale measures nothing, and draws its figures", () => {
    inFolder((folder) => {
      const verdictOf = smokeVerdicts(folder, "renormalization");
      expect(verdictOf("Kadanoff's variational RG")).toBe("yes");
      expect(verdictOf("lower bound on Onsager")).toBe("yes");
      expect(verdictOf("keeps the partition function, as the trace condition")).toBe("no");
      expect(verdictOf("majority of 3×3")).toBe("undecided");
      expect(verdictOf("trained for the trace condition")).toBe("undecided");
      expect(verdictOf("decimation keeps")).toBe("no");
      expect(verdictOf("rejects Ising configurations as often")).toBe("yes");
      const figures = ["block-exponents", "flow-fixed-points", "kadanoff-flow", "kadanoff-free-energy"];
      expectWhole(folder, [...figures, "couplings", "flow-gibbs-trajectories"]);
      const table = (name: string) => parseCsv(readText(join(folder, `b/tables/${name}.csv`)), name).rows;
      expect(table("couplings")).toHaveLength(2);
      expect(new Set(table("block-exponents").map(({ rule }) => rule)).size).toBe(7);
      expect(new Set(table("block-filters").map(({ rule, draw }) => `${rule} ${draw}`)).size).toBe(8);
      expect(table("thermometers")).toHaveLength(15);
      expect(table("kadanoff")).toHaveLength(2);
      expect(readFileSync(join(folder, "b/SUMMARY.md"), "utf8")).toContain("](figures/block-exponents.png)");
    });
  });
});
