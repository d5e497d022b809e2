import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { inFolder, rbmRg } from "./run.js";

/** Every CSV and npy file below a folder, with its bytes. */
function tables(folder: string): Map<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    /\.(csv|npy)$/.test(path),
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(join(folder, path))]));
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
