import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
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
        exact: "", // T = 2.3 is not T_c
      });
      const manifest = JSON.parse(readFileSync(join(folder, "out/manifest.json"), "utf8")) as object;
      const hash = (name: string): string =>
        createHash("sha256")
          .update(readFileSync(join(folder, name, "configurations.npy")))
          .digest("hex");
      expect(manifest).toMatchObject({
        ...{ kind: "mcrg", seed: "1" },
        inputs: ["one", "two"].map((path) => ({ path, sha256: hash(path) })),
        options: { rule: "decimation", steps: 1, filter: null, filterSide: null, sampled: [] },
      });
      expect(rbmRg(folder, "verify", "out").stdout).toMatch(/out: mcrg, 6 files intact/);
      expect(rbmRg(folder, "inspect", "out").stdout).toMatch(/analysis folder\n.*rbm-rg mcrg/);
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

  it("replaces an analysis of its own with --force only, and nothing else ever", () => {
    inFolder((folder) => {
      const write = (...args: readonly string[]) =>
        rbmRg(folder, "mcrg", ...sampled, "--steps", "1", "-o", "out", ...args);
      expect(write("--field", "0.01").status).toBe(0);
      const before = readFileSync(join(folder, "out/exponents.csv"), "utf8");
      expect(before).toContain('"16x16, K = 0.440687, B = 0.01",majority 2×2');
      const refused = write();
      expect([refused.status, refused.stdout]).toEqual([73, ""]);
      expect(refused.stderr).toMatch(/out exists\. Choose another -o, or --force/);
      expect(readFileSync(join(folder, "out/exponents.csv"), "utf8")).toBe(before);
      expect(write("--force").status).toBe(0);
      const manifest = JSON.parse(readFileSync(join(folder, "out/manifest.json"), "utf8")) as {
        options: { sampled: readonly object[] };
      };
      expect(manifest.options.sampled).toEqual([
        expect.objectContaining({
          lattice: "16x16",
          field: 0,
          samples: 1000,
          algorithm: "wolff",
          chains: 32,
        }),
      ]);
      writeFileSync(join(folder, "out/notes.txt"), "mine");
      const foreign = write("--force");
      expect(foreign.status).toBe(73);
      expect(foreign.stderr).toMatch(/out holds notes\.txt, which is not part of an analysis/);
    });
  });

  it("prints and writes exact exponents beside data at K_c without field only", () => {
    inFolder((folder) => {
      const written = (...args: readonly string[]): { stdout: string; exact: ReadonlySet<string> } => {
        const { status, stdout } = rbmRg(
          ...([folder, "mcrg", "-q", "--steps", "1", "-o", "out", "--force"] as const),
          ...args,
        );
        expect(status).toBe(0);
        const { rows } = parseCsv(readFileSync(join(folder, "out/exponents.csv"), "utf8"), "exponents.csv");
        const first = rows.filter(({ rank }) => rank === "1");
        return { stdout, exact: new Set(first.map(({ data, exact }) => `${data}: ${exact}`)) };
      };
      const both = written(...sampled, "-T", "2.269,2.4");
      expect(both.exact).toEqual(
        new Set(["16x16, K = 0.440723: 1", "16x16, K = 0.440723: 1.875", "16x16, K = 0.416667: "]),
      );
      expect(both.stdout).toMatch(/^exact at K_c +1 +1\.875$/m);
      const hot = written(...sampled, "-K", "0");
      expect(hot.exact).toEqual(new Set(["16x16, K = 0: "]));
      expect(hot.stdout).not.toContain("exact");
      const inField = written(...sampled, "--field", "0.01");
      expect(inField.exact).toEqual(new Set(["16x16, K = 0.440687, B = 0.01: "]));
      expect(inField.stdout).not.toContain("exact");
      const clone = written(...sampled, "--control", "gaussian-clone");
      expect(clone.exact).toEqual(new Set(["16x16, K = 0.440687, gaussian-clone: "]));
      expect(rbmRg(folder, "sample", ...sampled, "-K", "0.4407", "-o", "data").status).toBe(0);
      expect(written("data").exact).toEqual(new Set(["data: 1", "data: 1.875"]));
      // The same configurations, but where they come from is not known.
      expect(written("data/configurations.npy").exact).toEqual(new Set(["data/configurations.npy: "]));
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
      writeFileSync(join(folder, "zero.csv"), "0,0\n0,0\n");
      writeFileSync(join(folder, "nan.csv"), "0,NaN\n0,1\n");
      writeFileSync(join(folder, "huge.csv"), "0,inf\n0,1\n");
      mkdirSync(join(folder, "mine"));
      writeFileSync(join(folder, "mine/exponents.csv"), "kept");
      const before = readdirSync(folder);
      for (const [args, code, message] of [
        ["mcrg -L 16 --rule magic", 64, /--rule magic: expected one of majority, majority-3, decimation/],
        ["mcrg -L 16 --steps 0", 64, /--steps 0: expected a whole number ≥ 1/],
        [
          "mcrg -L 16 --steps 3",
          78,
          /step 3 would leave 2×2 block spins.*multiples of 8, at least 32 \(nearest to 16: 32\), or at most 2 steps\./,
        ],
        [
          "mcrg -L 18 --steps 2",
          78,
          /at step 2 the side 9 is not divisible by 2\..*nearest to 18: 16 and 20\), or at most 1 step\./,
        ],
        [
          "mcrg -L 15",
          78,
          /the side 15 is not divisible by 2\. .*multiples of 4, at least 16 \(nearest to 15: 16\)\.$/m,
        ],
        [
          "mcrg -L 20 --rule majority-3",
          78,
          /the side 20 is not divisible by 3\. .*multiples of 9, at least 36/,
        ],
        [
          "mcrg -L 16 --rule majority-3",
          78,
          /2 steps of majority 3×3 on the 16×16 torus: the side 16 is not divisible by 3\./,
        ],
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
        ["mcrg -L 16 --rule rbm --filter zero.csv", 65, /do not depend on the spins.*0\.5 for every v/],
        ["mcrg -L 16 --rule rbm --filter zero.csv --bias 2", 65, /do not depend on the spins.*bias of 2/],
        ["mcrg -L 16 --rule rbm --filter nan.csv", 65, /nan\.csv, line 1.*expected a finite number/],
        ["mcrg -L 16 --rule rbm --filter huge.csv", 65, /huge\.csv, line 1.*expected a finite number/],
        ["mcrg -L 16 --rule rbm --filter wide.csv --bias x", 64, /--bias x: expected a number/],
        ["mcrg -L 16 --rule rbm-kl --filter wide.csv", 64, /give both or neither/],
        ["mcrg -L 16 --rule rbm-kl --filter-side 5", 64, /--filter-side 5: expected 2, 3 or 4/],
        ["mcrg -L 16 --rule rbm-kl --filter-coupling 0", 64, /--filter-coupling 0: expected K above 0/],
        ["mcrg -L 16 --rule majority --filter-side 3", 64, /--rule majority is none/],
        ["mcrg -L 16 -o wide.csv", 73, /wide\.csv is a file/],
        ["mcrg -L 16 -o mine --force", 73, /mine holds exponents\.csv, which is not part of an analysis/],
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
