import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv, readText } from "../../src/io/index.js";
import { type CliResult, inFolder, rbmRg } from "./run.js";

function train(folder: string, name: string, ...args: readonly string[]): void {
  const common = ["train", "-q", "--epochs", "3", "-o", name];
  expect(rbmRg(folder, ...common, ...args)).toMatchObject({ status: 0 });
}

const rows = (path: string): readonly Readonly<Record<string, string>>[] =>
  parseCsv(readText(path), path).rows;

describe("rbm-rg couplings", () => {
  it("writes the Hamiltonians of a layer, the same for any number of threads, and verify knows them", () => {
    inFolder((folder) => {
      train(
        folder,
        "run",
        "-n",
        "400",
        "-L",
        "6",
        "-K",
        "0.408",
        "--hidden",
        "9,4",
        "--learning-rate",
        "0.05",
      );
      const couplings = (...args: readonly string[]): CliResult => rbmRg(folder, "couplings", "run", ...args);
      const shown = couplings("--threads", "1");
      expect(shown.status).toBe(0);
      expect(shown.stdout).toMatch(
        /^spins +method +term +distance +products +J +spread\nvisible +expansion +field/,
      );
      expect(shown.stdout).toMatch(/^visible +expansion +pair 1,0 +1\.00 +72 /m);
      expect(shown.stdout).toMatch(/^hidden +pseudo-likelihood +field /m);
      expect(shown.stdout).toMatch(/^decimation of a ring +10 +yes +no +yes +yes /m);
      expect(shown.stdout).toMatch(
        /^transformation +lattice .* KL \(nats\) +F − F_λ \(nats\) +Var D \(nats²\)$/m,
      );
      expect(shown.stderr).not.toContain("does not determine");
      expect(shown.stdout).toMatch(/nothing is renormalized: h independent of v, any energy/);
      const out = join(folder, "run/couplings");
      for (const name of ["effective-hamiltonian.csv", "strongest-pairs.csv", "venn-diagram.csv"]) {
        expect(existsSync(join(out, name))).toBe(true);
      }
      for (const kind of ["csv", "svg", "png"])
        expect(existsSync(join(out, `figures/couplings.${kind}`))).toBe(true);
      const table = rows(join(out, "effective-hamiltonian.csv"));
      expect(new Set(table.map(({ side, method }) => `${side} ${method}`))).toEqual(
        new Set([
          "visible expansion",
          "visible projection",
          "hidden expansion",
          "hidden projection",
          "hidden pseudo-likelihood",
        ]),
      );
      expect(rows(join(out, "strongest-pairs.csv")).filter(({ side }) => side === "hidden")).toHaveLength(36);
      expect(rows(join(out, "venn-diagram.csv"))[0]).toMatchObject({
        lattice: "6x6",
        hidden: "9",
        rbm_fit: "no",
      });
      expect(rbmRg(folder, "verify", "run/couplings").status).toBe(0);
      expect(rbmRg(folder, "verify", "run").status).toBe(0);
      expect(rbmRg(folder, "inspect", "run/couplings").status).toBe(0);
      expect(rbmRg(folder, "inspect", "run/couplings/venn-diagram.csv").stdout).toMatch(
        /near_share +share of/,
      );
      expect(couplings().status).toBe(73);
      const before = readFileSync(join(out, "effective-hamiltonian.csv"));
      const again = couplings("--force", "--threads", "2", "--json");
      expect(readFileSync(join(out, "effective-hamiltonian.csv")).equals(before)).toBe(true);
      const parsed = JSON.parse(again.stdout) as { couplings: object[]; venn_diagram: object[] };
      expect(parsed.couplings).toHaveLength(table.length);
      expect(parsed.venn_diagram.length).toBe(8);
      expect(couplings("--seed", "2", "-o", "other", "-q")).toMatchObject({ status: 0, stdout: "" });
      expect(readFileSync(join(folder, "other/effective-hamiltonian.csv")).equals(before)).toBe(false);
      expect(couplings("--layer", "2", "--largest", "3", "-o", "second", "-q").status).toBe(0);
      expect(existsSync(join(folder, "second/venn-diagram.csv"))).toBe(false);
      expect(
        rows(join(folder, "second/strongest-pairs.csv")).filter(({ side }) => side === "hidden"),
      ).toHaveLength(6);
      expect(couplings("--layer", "3", "-o", "third")).toMatchObject({ status: 64 });
    });
  });

  it("takes data without a lattice, and 0/1 units", () => {
    inFolder((folder) => {
      expect(
        rbmRg(folder, "sample", "--lattice", "9", "-K", "0.5", "-n", "300", "-q", "-o", "ring").status,
      ).toBe(0);
      train(folder, "run", "--data", "ring/configurations.npy", "--hidden", "5", "--units", "binary");
      const { status } = rbmRg(folder, "couplings", "run", "-o", "out", "-q");
      expect(status).toBe(0);
      const table = rows(join(folder, "out/effective-hamiltonian.csv"));
      expect(
        table
          .filter(({ side, method }) => side === "visible" && method === "expansion")
          .map(({ term }) => term),
      ).toEqual(["field", "pair"]);
      expect(table.filter(({ method }) => method === "pseudo-likelihood")).toHaveLength(5 * 2 + 1);
      expect(table.every(({ remark }) => remark === "")).toBe(true);
      // Five configurations of five hidden spins contradict hardly any pair.
      const few = rbmRg(folder, "couplings", "run", "--rows", "5", "-o", "few");
      expect(few.status).toBe(0);
      expect(few.stderr).toMatch(
        /^rbm-rg: pseudo-likelihood does not determine 7 of 11 couplings of the hidden spins \(pair 0,3; pair 0,4; .*never contradicted, in 5 configurations\. Take more configurations \(--rows\)/m,
      );
      expect(few.stdout).toMatch(/^hidden +pseudo-likelihood +pair 0,3 +– +1 +not determined *$/m);
      const unknown = rows(join(folder, "few/effective-hamiltonian.csv")).filter(
        ({ remark }) => remark !== "",
      );
      expect(unknown.length).toBeGreaterThan(5);
      for (const { remark, error } of unknown) expect([remark, error]).toEqual(["not determined", ""]);
      expect(existsSync(join(folder, "out/figures"))).toBe(false);
      expect(existsSync(join(folder, "out/venn-diagram.csv"))).toBe(false);
    });
  });

  it.each([
    ["absent", 66, /absent/],
    ["absent --reach 0", 64, /--reach 0: expected a whole number ≥ 1/],
    ["absent --rows 1", 64, /--rows 1/],
    ["absent --largest x", 64, /--largest x/],
    ["absent --layer 0", 64, /--layer 0/],
  ])("rbm-rg couplings %s → exit code %i", (args, code, message) => {
    inFolder((folder) => {
      const { status, stdout, stderr } = rbmRg(folder, "couplings", ...args.split(" "));
      expect(stderr).toMatch(message);
      expect([status, stdout]).toEqual([code, ""]);
    });
  });
});
