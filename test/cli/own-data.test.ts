import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeNpy, parseCsv } from "../../src/io/index.js";
import { inFolder, rbmRg } from "./run.js";

/** Units of which the second half repeats the first, as no lattice model would. */
const repeated = Uint8Array.from({ length: 300 * 10 }, (_, k) => {
  const [row, unit] = [Math.floor(k / 10), (k % 10) % 5];
  return (row * (2 * unit + 3)) % (unit + 7) < 3 ? 1 : 0;
});

describe("data of one's own without a lattice", () => {
  it("are trained on, and measured as far as that makes sense without places", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "units.npy"), encodeNpy(repeated, [300, 10]));
      const flags = ["--hidden", "6", "--epochs", "15", "--learning-rate", "0.1", "-o", "run"];
      const trained = rbmRg(folder, "train", "--data", "units.npy", ...flags);
      expect([trained.status, trained.stdout]).toEqual([
        0,
        expect.stringMatching(/no lattice: receptive fields/),
      ]);
      const fields = parseCsv(readFileSync(join(folder, "run", "receptive_fields.csv"), "utf8"), "fields");
      expect(fields.columns.join()).toBe("layer,unit,participation_ratio,sign_coherence,peak,norm,dead");
      const weights = parseCsv(readFileSync(join(folder, "run", "weights-1.csv"), "utf8"), "weights");
      fields.rows.forEach((row, unit) => {
        const squares = weights.rows.map((record) => Number(record[`h${unit}`]) ** 2);
        const [sum, fourth] = [squares, squares.map((x) => x * x)].map((all) => all.reduce((a, b) => a + b));
        expect(Number(row["participation_ratio"])).toBeCloseTo((sum * sum) / fourth, 5);
      });
      const [summary] = parseCsv(readFileSync(join(folder, "run", "summary.csv"), "utf8"), "summary").rows;
      expect(Number(summary["participation_ratio_1"])).toBeGreaterThan(1);
      expect(Object.keys(summary).filter((name) => /block_size|radius/.test(name))).toEqual([]);
      // Ten units of which five follow the others: far more likely than under independent units.
      expect(Number(summary["log_likelihood_per_unit_1"])).toBeGreaterThan(-0.65);
      const evaluated = JSON.parse(rbmRg(folder, "evaluate", "run", "--json").stdout) as {
        quantity: string;
        value: number;
      }[];
      const likelihood = evaluated.find(({ quantity }) => quantity === "log_likelihood_per_unit")!.value;
      expect(likelihood).toBeCloseTo(Number(summary["log_likelihood_per_unit_1"]), 10);
      const refused = rbmRg(folder, "fields", "run");
      expect([refused.status, refused.stderr]).toEqual([
        65,
        expect.stringMatching(/without a lattice.*--lattice/),
      ]);
    });
  });

  it("are refused for what needs a lattice before anything is computed, and doubted if they are transposed", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "units.npy"), encodeNpy(repeated, [300, 10]));
      const { status, stderr } = rbmRg(
        folder,
        ...["train", "--data", "units.npy", "--set", "analyses=[fields, reconstruct]"],
        ...["--set", "model.control=pixel-shuffled", "-o", "run"],
      );
      expect(status).toBe(78);
      expect(stderr).toMatch(/3 errors/);
      expect(stderr).toMatch(
        /"fields" needs a lattice.*"reconstruct" needs a lattice.*"pixel-shuffled" needs a lattice/s,
      );
      writeFileSync(join(folder, "transposed.npy"), encodeNpy(repeated, [10, 300]));
      const doubted = rbmRg(
        folder,
        "train",
        "--data",
        "transposed.npy",
        "--hidden",
        "2",
        "--epochs",
        "1",
        "-o",
        "run",
      );
      expect(doubted.stderr).toMatch(/10 rows and 300 columns.*transposed/);
    });
  });

  it("packed as bits train to the same bytes, and the run remembers how they are packed", () => {
    inFolder((folder) => {
      const bits = new Uint8Array(300 * 2);
      repeated.forEach((value, k) => {
        const [row, unit] = [Math.floor(k / 10), k % 10];
        bits[2 * row + (unit >> 3)] |= value << (7 - (unit & 7));
      });
      writeFileSync(join(folder, "units.npy"), encodeNpy(repeated, [300, 10]));
      writeFileSync(join(folder, "packed.npy"), encodeNpy(bits, [300, 2]));
      const flags = ["--lattice", "2x5", "--hidden", "3", "--epochs", "2", "-q"];
      expect(rbmRg(folder, "train", "--data", "units.npy", ...flags, "-o", "plain").status).toBe(0);
      expect(
        rbmRg(folder, "train", "--data", "packed.npy", "--packed", "10", ...flags, "-o", "run").status,
      ).toBe(0);
      const weights = (run: string) => readFileSync(join(folder, run, "weights-1.npy"));
      expect(weights("run").equals(weights("plain"))).toBe(true);
      expect(rbmRg(folder, "fields", "run").status).toBe(0);
      expect(rbmRg(folder, "report", "run", "-q").status).toBe(0);
      const again = rbmRg(folder, "train", "--config", "run/config.yaml", "-o", "run");
      expect(again.stdout).toMatch(/finished already/);
    });
  });
});
