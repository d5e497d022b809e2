import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../../src/io/index.js";
import { concludePerfect, judgePerfect, type PerfectRow } from "../../../src/studies/burns/perfect.js";
import { kernels } from "../../physics/kernels.js";
import { verdictOn } from "./runs.js";

const EQUALITY = "F − F_λ = 2n(ln 2 + K)";
const HAS_F = "has the free energy of its data";

const row: PerfectRow = { coupling: 0.3, kl: 1e-15, gap: 31.78, predicted: 31.78, rounding: 1e-6 };

describe("the perfect RBM", () => {
  it("has KL = 0 and F − F_λ = 2n(ln 2 + K), and so not the free energy of its data", () => {
    const folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
    try {
      const claims = concludePerfect(folder, kernels);
      expect(verdictOn(EQUALITY, claims)).toBe("yes");
      expect(verdictOn(HAS_F, claims)).toBe("no");
      const path = join(folder, "tables", "perfect.csv");
      for (const found of parseCsv(readFileSync(path, "utf8"), path).rows) {
        const expected = 32 * (Math.LN2 + Number(found["coupling"]));
        expect(Math.abs(Number(found["free_energy_gap"]) - expected)).toBeLessThan(Number(found["rounding"]));
        expect(Number(found["rounding"])).toBeLessThan(1e-5);
        expect(Math.abs(Number(found["kl"]))).toBeLessThan(1e-9);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("is judged by its rounding, and not without numbers", () => {
    expect(verdictOn(EQUALITY, judgePerfect([row]))).toBe("yes");
    expect(verdictOn(EQUALITY, judgePerfect([{ ...row, gap: 31.78001 }]))).toBe("no");
    expect(verdictOn(EQUALITY, judgePerfect([{ ...row, kl: 1e-3 }]))).toBe("no");
    expect(verdictOn(HAS_F, judgePerfect([{ ...row, kl: 1e-3 }]))).toBe("undecided");
    expect(verdictOn(HAS_F, judgePerfect([{ ...row, gap: 0.1 }]))).toBe("yes");
    for (const rows of [[], [{ ...row, gap: NaN }]]) {
      for (const words of [EQUALITY, HAS_F]) expect(verdictOn(words, judgePerfect(rows))).toBe("undecided");
    }
  });
});
