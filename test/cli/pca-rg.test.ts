import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv, readText } from "../../src/io/index.js";
import { inspectPath } from "../../src/runs/inspect.js";
import { inFolder, rbmRg } from "./run.js";

interface Claim {
  readonly claim: string;
  readonly measured: string;
  readonly verdict: string;
}

describe("reproduce pca-rg --scale smoke", () => {
  it("answers every claim, says undecided where the scale measures nothing, and draws its figures", () => {
    inFolder((folder) => {
      const { status, stdout, stderr } = rbmRg(
        folder,
        "reproduce",
        "pca-rg",
        "--scale",
        "smoke",
        "-o",
        "b",
        "--json",
      );
      expect(stderr).not.toMatch(/internal error/);
      expect(status).toBe(0);
      const { claims } = JSON.parse(stdout) as { claims: readonly Claim[] };
      const verdictOf = (words: string): string => claims.find(({ claim }) => claim.includes(words))!.verdict;
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
      for (const { claim, measured } of claims) {
        expect(claim).not.toMatch(/NaN|undefined/);
        expect(measured).not.toMatch(/NaN|undefined|^$/);
      }
      const figures = ["ising-fourth-moments", "critical-spectrum", "synthetic", "fisher-spectra"];
      for (const name of [...figures, "fisher-dimension", "weights-and-modes"]) {
        for (const kind of ["csv", "svg", "png"])
          expect(existsSync(join(folder, "b", "figures", `${name}.${kind}`))).toBe(true);
      }
      const sets = parseCsv(readText(join(folder, "b/tables/synthetic.csv")), "synthetic.csv").rows;
      expect(sets.map(({ data }) => data)).toHaveLength(7);
      const ising = parseCsv(readText(join(folder, "b/tables/ising.csv")), "ising.csv").rows;
      expect(ising).toHaveLength(3);
      expect(readFileSync(join(folder, "b/SUMMARY.md"), "utf8")).toContain("](figures/synthetic.png)");

      const files = readdirSync(join(folder, "b"), { recursive: true, encoding: "utf8" })
        .map((name) => join(folder, "b", name))
        .filter((file) => statSync(file).isFile());
      const unknown = files.filter((file) => inspectPath(file).meaning === "Not a file this program writes.");
      expect(unknown).toEqual([]);
      expect(rbmRg(folder, "verify", "b").status).toBe(0);
    });
  });
});
