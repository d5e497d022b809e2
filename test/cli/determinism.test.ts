import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv, sha256Hex } from "../../src/io/index.js";
import { inFolder, rbmRg } from "./run.js";

/** Every CSV and npy file below a folder, with its bytes. */
function tables(folder: string): Map<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    /\.(csv|npy)$/.test(path),
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(join(folder, path))]));
}

/** The same as hashes, which are faster to compare. */
function digests(folder: string): Record<string, string> {
  return Object.fromEntries([...tables(folder)].map(([path, bytes]) => [path, sha256Hex(bytes)]));
}

const common = ["train", "-L", "8", "-K", "0.408", "-n", "500", "--hidden", "20,6", "--epochs", "2", "-q"];

const variants: readonly (readonly [string, readonly string[]])[] = [
  ["cd with ±1 units", ["--l1", "0.01"]],
  [
    "pcd with 0/1 units, biases and Adam",
    ["--estimator", "pcd", "--chains", "40", "--units", "binary", "--optimizer", "adam"],
  ],
  ["heat bath in a field", ["--field", "0.1", "--steps", "2"]],
];

describe("determinism", () => {
  it.each(variants)(
    "%s: the same seed gives the same CSVs and npy files, another seed others",
    (_, flags) => {
      inFolder((folder) => {
        for (const [out, seed] of [
          ["a", "one"],
          ["b", "one"],
          ["c", "two"],
        ]) {
          const { status, stderr } = rbmRg(folder, ...common, ...flags, "--seed", seed, "-o", out);
          expect(`${stderr}${status}`).toBe("0");
        }
        const [a, b, c] = ["a", "b", "c"].map((name) => tables(join(folder, name)));
        // The run's own name is not given here, so it differs only through the seed.
        expect(b).toEqual(a);
        expect([...c.keys()]).toEqual([...a.keys()]);
        for (const [path, bytes] of c) {
          if (!path.includes("bias") || flags.includes("binary"))
            expect(bytes.equals(a.get(path)!), path).toBe(false);
        }
      });
    },
  );

  /**
   * A job is shared among threads if rows × inputs × outputs / 5 exceeds 500,000 (WORTH_SHARING in kernels/wasm/pool.ts):
   * with batches of 200 that is true of the products of all three layers here, and of the Wolff clusters.
   */
  it("any number of threads gives the same bytes, where the work is really shared", () => {
    inFolder((folder) => {
      const stack = ["-L", "24", "-K", "0.44", "-n", "2000", "--hidden", "200,144,100"] as const;
      const train = [
        "train",
        "-q",
        ...stack,
        "--batch-size",
        "200",
        "--epochs",
        "2",
        "--l1",
        "0.01",
      ] as const;
      const [alone, ...shared] = ["1", "2", "4"].map((threads) => {
        const flags = ["--kernels", "wasm", "--threads", threads, "-o", threads] as const;
        const { status, stderr } = rbmRg(folder, ...train, ...flags);
        expect(`${stderr}${status}`).toBe("0");
        return digests(join(folder, threads));
      });
      expect(Object.keys(alone)).toContain("weights-3.csv");
      for (const files of shared) expect(files).toEqual(alone);
      expect(rbmRg(folder, "report", "-q", "1", "--kernels", "wasm", "--threads", "3").status).toBe(0);
      expect(digests(join(folder, "1"))).toEqual(alone);
    });
  });

  it("does nothing for a finished identical run, and refuses another one in its place", () => {
    inFolder((folder) => {
      rbmRg(folder, ...common, "-o", "run");
      const before = tables(join(folder, "run"));
      const again = rbmRg(folder, ...common.filter((flag) => flag !== "-q"), "-o", "run");
      expect(again.status).toBe(0);
      expect(again.stdout).toMatch(/finished already/);
      const other = rbmRg(folder, ...common, "--seed", "9", "-o", "run");
      expect(other.status).toBe(73);
      expect(other.stderr).toMatch(/different run.*-o.*--force/);
      expect(tables(join(folder, "run"))).toEqual(before);
      expect(rbmRg(folder, ...common, "--seed", "9", "--force", "-o", "run").status).toBe(0);
      expect(tables(join(folder, "run"))).not.toEqual(before);
    });
  });

  it("knows data by their content, not by how their path is written; --force keeps a user's own files", () => {
    inFolder((folder) => {
      rbmRg(folder, "sample", "-q", "-L", "4", "-K", "0.4", "-n", "200", "-o", "data");
      const train = ["train", "--hidden", "4", "--epochs", "1", "-o", "run", "--data"];
      expect(rbmRg(folder, ...train, "data").status).toBe(0);
      expect(rbmRg(folder, ...train, join(folder, "data")).stdout).toMatch(/finished already/);
      writeFileSync(join(folder, "run", "notes.txt"), "mine");
      expect(rbmRg(folder, ...train, "data", "--seed", "2", "--force").status).toBe(0);
      expect(readFileSync(join(folder, "run", "notes.txt"), "utf8")).toBe("mine");
      const { columns, rows } = parseCsv(rbmRg(folder, "collect", "run").stdout, "collect");
      expect(columns).toContain("temperature");
      expect(rows[0]).toMatchObject({ lattice: "4x4", coupling: "0.4", temperature: "2.5", samples: "200" });
    });
  });

  it("reads back the configuration it saves as the same run", () => {
    inFolder((folder) => {
      rbmRg(folder, ...common, "-o", "run");
      const again = rbmRg(folder, "train", "--config", join("run", "config.yaml"), "-o", "run");
      expect(again.stdout).toMatch(/finished already/);
    });
  });
});
