import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { blockRuleNames } from "../../src/analysis/monte-carlo-rg/index.js";
import { encodeNpy, parseCsv } from "../../src/io/index.js";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { inFolder, rbmRg } from "./run.js";

const sampled = ["-L", "16", "-n", "1000", "-q"] as const;

interface Result {
  readonly data: string;
  readonly rule: string;
  readonly samples: number;
  readonly exponents: readonly {
    step: number;
    parity: string;
    rank: number;
    exponent: number;
    from: number[];
  }[];
  readonly couplings: readonly object[];
  readonly matrices: readonly object[];
}

const parse = (text: string): readonly Result[] => JSON.parse(text) as readonly Result[];

describe("mcrg", () => {
  it("samples at K_c by itself and prints a row for each step", () => {
    inFolder((folder) => {
      const { status, stdout } = rbmRg(folder, "mcrg", ...sampled);
      expect(status).toBe(0);
      expect(stdout).toMatch(/^data +rule +step +lattices +y_T +y_H\n/);
      expect(stdout).toMatch(
        /^16x16, K = 0\.440687 +majority 2×2 +1 +16x16 → 8x8 +\S+\(\d+\) +1\.8\d+\(\d+\)$/m,
      );
      expect(stdout).toMatch(/ 2 +8x8 → 4x4 /);
      expect(stdout).toMatch(/^exact +1 +1\.875$/m);
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  it("names every block rule in its help", () => {
    inFolder((folder) => {
      const { stdout } = rbmRg(folder, "mcrg", "--help");
      for (const name of blockRuleNames) expect(stdout).toContain(name);
    });
  });

  it("says the same of configurations sampled inline and of the same ones from a dataset, and of any thread count", () => {
    inFolder((folder) => {
      const at = ["-K", "0.43", "--seed", "7"] as const;
      const inline = rbmRg(folder, "mcrg", ...sampled, ...at, "--json", "--steps", "1", "--threads", "2");
      expect(rbmRg(folder, "sample", ...sampled, ...at, "-o", "data").status).toBe(0);
      const read = rbmRg(folder, "mcrg", "data", "--seed", "7", "--json", "--steps", "1", "-q");
      const [a] = parse(inline.stdout);
      const [b] = parse(read.stdout);
      expect(a.data).toBe("16x16, K = 0.43");
      expect({ ...a, data: "" }).toEqual({ ...b, data: "" });
      expect(a.samples).toBe(992);
      expect(a.exponents.length).toBe(13 + 7);
      expect(a.matrices.length).toBe(49 + 16);
      expect(a.couplings.length).toBe(22);
    });
  });

  it("takes several datasets or temperatures, every rule, and writes tables and a figure", () => {
    inFolder((folder) => {
      expect(rbmRg(folder, "sample", ...sampled, "-T", "2.3", "-o", "one").status).toBe(0);
      expect(rbmRg(folder, "sample", "-L", "8", "-n", "500", "-T", "2.3", "-q", "-o", "two").status).toBe(0);
      const { status } = rbmRg(
        folder,
        "mcrg",
        "one",
        "two",
        "--rule",
        "decimation",
        "--steps",
        "1",
        "-o",
        "out",
      );
      expect(status).toBe(0);
      const table = (name: string): ReturnType<typeof parseCsv> =>
        parseCsv(readFileSync(join(folder, "out", name), "utf8"), name);
      const exponents = table("exponents.csv");
      expect(exponents.columns).toEqual([
        ...["data", "rule", "step", "from", "to", "parity", "couplings", "rank"],
        ...["eigenvalue", "eigenvalue_error", "exponent", "exponent_error", "exact"],
      ]);
      expect(exponents.rows.length).toBe(2 * 20);
      expect(new Set(exponents.rows.map(({ data }) => data))).toEqual(new Set(["one", "two"]));
      expect(exponents.rows[0]).toMatchObject({
        rule: "decimation 2×2",
        from: "16x16",
        to: "8x8",
        exact: "1",
      });
      expect(table("couplings.csv").rows.length).toBe(2 * 22);
      expect(table("matrices.csv").rows.length).toBe(2 * 65);
      expect(readdirSync(join(folder, "out", "figures")).sort()).toEqual([
        "exponents.csv",
        "exponents.png",
        "exponents.svg",
      ]);
      const hot = rbmRg(folder, "mcrg", ...sampled, "-T", "2.2,2.4", "--steps", "1", "--json");
      expect(parse(hot.stdout).map(({ data }) => data)).toEqual([
        "16x16, K = 0.454545",
        "16x16, K = 0.416667",
      ]);
      const random = rbmRg(folder, "mcrg", "one", "--rule", "random-filter", "--steps", "1", "--json");
      expect(parse(random.stdout)[0].rule).toBe("random filter 3×3");
      const third = rbmRg(
        folder,
        "mcrg",
        "-L",
        "12",
        "-n",
        "500",
        "--rule",
        "majority-3",
        "--steps",
        "1",
        "-q",
      );
      expect(third.stdout).toMatch(/majority 3×3 +1 +12x12 → 4x4/);
    });
  });

  it("takes p(h|v) of an RBM as a rule: equal weights that are large make a majority", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "strong.csv"), "9,9\n9,9\n");
      expect(rbmRg(folder, "sample", ...sampled, "-K", "0.44", "-o", "data").status).toBe(0);
      const one = ["mcrg", "data", "--steps", "1", "--json", "-q"] as const;
      const [rbm] = parse(rbmRg(folder, ...one, "--rule", "rbm", "--filter", "strong.csv").stdout);
      const [majority] = parse(rbmRg(folder, ...one).stdout);
      expect(rbm.rule).toBe("rbm 2×2");
      const leading = ({ exponents }: Result): number =>
        exponents.filter(({ parity, rank }) => parity === "odd" && rank === 1).at(-1)!.exponent;
      expect(leading(rbm)).toBeCloseTo(leading(majority), 2); // but for the ties, which fall differently
      const biased = rbmRg(folder, ...one, "--rule", "rbm", "--filter", "strong.csv", "--bias", "-0.5");
      expect(biased.status).toBe(0);
      expect(leading(parse(biased.stdout)[0])).not.toBe(leading(rbm));
    });
  });

  it("trains the filter of an RBM itself, and writes it so that it can be given", () => {
    inFolder((folder) => {
      expect(rbmRg(folder, "sample", ...sampled, "-K", "0.44", "-o", "data").status).toBe(0);
      const one = ["mcrg", "data", "--steps", "1", "--json", "-q"] as const;
      const [trained] = parse(rbmRg(folder, ...one, "--rule", "rbm-trace", "-o", "out").stdout);
      expect(trained.rule).toBe("rbm trace 3×3");
      expect(readFileSync(join(folder, "out/filter.csv"), "utf8")).toMatch(
        /^y0,y1,y2\n0\.\d+,0\.\d+,0\.\d+\n0\.\d+,1\.\d+,/,
      );
      expect(rbmRg(folder, "inspect", "out/filter.csv").stdout).toContain("--filter reads it");
      const [given] = parse(rbmRg(folder, ...one, "--rule", "rbm", "--filter", "out/filter.csv").stdout);
      expect({ ...given, rule: "" }).toEqual({ ...trained, rule: "" });
      const small = ["--rule", "rbm-kl", "--filter-side", "2", "--filter-coupling", "0.3"] as const;
      expect(parse(rbmRg(folder, ...one, ...small).stdout)[0].rule).toBe("rbm kl 2×2");
    });
  });

  it("refuses what cannot be renormalised, before any work", () => {
    inFolder((folder) => {
      const stream = new RandomStream(seedKey("spins"));
      const spins = Int8Array.from({ length: 100 * 64 }, () => (stream.nextUniform() < 0.5 ? 1 : -1));
      writeFileSync(join(folder, "flat.npy"), encodeNpy(spins, [100, 64]));
      writeFileSync(join(folder, "few.npy"), encodeNpy(spins.subarray(0, 640), [10, 8, 8]));
      writeFileSync(join(folder, "up.npy"), encodeNpy(new Int8Array(6400).fill(1), [100, 8, 8]));
      writeFileSync(join(folder, "wide.csv"), "1,2,3\n4,5,6\n");
      writeFileSync(join(folder, "five.csv"), "1,1,1,1,1\n".repeat(5));
      const before = readdirSync(folder);
      for (const [args, code, message] of [
        ["mcrg -L 16 --rule magic", 64, /--rule magic: expected one of majority, majority-3, decimation/],
        ["mcrg -L 16 --steps 0", 64, /--steps 0: expected a whole number ≥ 1/],
        ["mcrg -L 16 --steps 3", 78, /step 3 would leave 2×2 block spins.*at most 2 steps/],
        ["mcrg -L 18 --steps 2", 78, /step 2 would leave 4\.5×4\.5/],
        ["mcrg -L 16 --rule majority-3", 78, /5\.33×5\.33.*a larger lattice/],
        ["mcrg --lattice 64", 65, /lies on a chain of 64 sites; block spins need a torus/],
        ["mcrg", 78, /sample\.lattice: missing/],
        ["mcrg -L 16 -n 0", 78, /sample\.samples: 0/],
        ["mcrg -L 16 -n 63 -q", 65, /63 configurations: at least 64/],
        ["mcrg absent", 66, /absent does not exist/],
        ["mcrg flat.npy --steps 1", 65, /flat\.npy has no known lattice.*--lattice WIDTHxHEIGHT/],
        ["mcrg flat.npy -K 0.4", 64, /contradict the sampling flags for coupling/],
        ["mcrg few.npy --steps 1", 65, /10 configurations: at least 64/],
        ["mcrg up.npy --steps 1 -q", 65, /do not tell the first 1 even coupling/],
        ["mcrg -L 16 --rule rbm", 64, /--filter.*give both or neither/],
        ["mcrg -L 16 --filter wide.csv", 64, /give both or neither/],
        ["mcrg -L 16 --rule rbm --filter absent.csv", 66, /absent\.csv/],
        ["mcrg -L 16 --rule rbm --filter wide.csv", 65, /2 × 3 weights; expected a square/],
        ["mcrg -L 16 --rule rbm --filter five.csv", 65, /25 weights: expected a square of 1 × 1 to 4 × 4/],
        ["mcrg -L 16 --rule rbm --filter wide.csv --bias x", 64, /--bias x: expected a number/],
        ["mcrg -L 16 --rule rbm-kl --filter wide.csv", 64, /give both or neither/],
        ["mcrg -L 16 --rule rbm-kl --filter-side 5", 64, /--filter-side 5: expected 2, 3 or 4/],
        ["mcrg -L 16 --rule rbm-kl --filter-coupling 0", 64, /--filter-coupling 0: expected K above 0/],
        ["mcrg -L 16 --rule majority --filter-side 3", 64, /--rule majority is none/],
        ["mcrg -L 16 -o wide.csv", 73, /wide\.csv is a file/],
        ["mcrg -L 16 --threads 0", 64, /--threads 0/],
      ] as const) {
        const { status, stdout, stderr } = rbmRg(folder, ...args.split(" "));
        expect(stderr).toMatch(message);
        expect(status, args).toBe(code);
        expect(stderr).not.toMatch(/internal error|^\s+at /m);
        expect(stdout).toBe("");
      }
      expect(readdirSync(folder)).toEqual(before);
      const given = rbmRg(folder, "mcrg", "flat.npy", "--lattice", "8x8", "--steps", "1", "-q");
      expect(given.status).toBe(0);
    });
  });
});
