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

describe("reproduce renormalization --scale smoke", () => {
  it("answers every claim, says undecided where the scale measures nothing, and draws its figures", () => {
    inFolder((folder) => {
      const arguments_ = ["reproduce", "renormalization", "--scale", "smoke", "-o", "b", "--json"];
      const { status, stdout, stderr } = rbmRg(folder, ...arguments_);
      expect(stderr).not.toMatch(/internal error/);
      expect(status).toBe(0);
      const { claims } = JSON.parse(stdout) as { claims: readonly Claim[] };
      const verdictOf = (words: string): string => claims.find(({ claim }) => claim.includes(words))!.verdict;
      expect(verdictOf("Kadanoff's variational RG")).toBe("yes");
      expect(verdictOf("lower bound on Onsager")).toBe("yes");
      expect(verdictOf("keeps the partition function, as the trace condition")).toBe("no");
      expect(verdictOf("majority of 3×3")).toBe("undecided");
      expect(verdictOf("trained for the trace condition")).toBe("undecided");
      expect(verdictOf("decimation keeps")).toBe("no");
      expect(verdictOf("rejects Ising configurations as often")).toBe("yes");
      for (const { claim, measured } of claims) {
        expect(claim).not.toMatch(/NaN|undefined/);
        expect(measured).not.toMatch(/NaN|undefined|^$/);
      }
      const figures = ["block-exponents", "flow-fixed-points", "kadanoff-flow", "kadanoff-free-energy"];
      for (const name of [...figures, "couplings", "flow-gibbs-trajectories"]) {
        for (const kind of ["csv", "svg", "png"])
          expect(existsSync(join(folder, "b", "figures", `${name}.${kind}`))).toBe(true);
      }
      const table = (name: string) => parseCsv(readText(join(folder, `b/tables/${name}.csv`)), name).rows;
      expect(table("couplings")).toHaveLength(2);
      expect(new Set(table("block-exponents").map(({ rule }) => rule)).size).toBe(7);
      expect(new Set(table("block-filters").map(({ rule, draw }) => `${rule} ${draw}`)).size).toBe(8);
      expect(table("thermometers")).toHaveLength(15);
      expect(table("kadanoff")).toHaveLength(2);
      expect(readFileSync(join(folder, "b/SUMMARY.md"), "utf8")).toContain("](figures/block-exponents.png)");

      const files = readdirSync(join(folder, "b"), { recursive: true, encoding: "utf8" })
        .map((name) => join(folder, "b", name))
        .filter((file) => statSync(file).isFile());
      const unknown = files.filter((file) => inspectPath(file).meaning === "Not a file this program writes.");
      expect(unknown).toEqual([]);
      expect(rbmRg(folder, "verify", "b").status).toBe(0);
    });
  });
});
