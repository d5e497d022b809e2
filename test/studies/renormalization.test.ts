import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bitMatrix, countUp, setBit } from "../../src/kernels/bit-matrix.js";
import { judgeCouplings, type RecoveredCouplings } from "../../src/studies/renormalization/couplings.js";
import {
  golden,
  judgeKadanoff,
  judgeMap,
  concludeKadanoff,
} from "../../src/studies/renormalization/kadanoff.js";
import {
  binomialRange,
  judgeResiduals,
  type ResidualReading,
} from "../../src/studies/renormalization/residual-test.js";
import {
  blocksOf,
  judgeThermometers,
  type TemperatureReading,
} from "../../src/studies/renormalization/thermometers.js";
import { counted, judgeVenn, type VennPlace } from "../../src/studies/renormalization/venn.js";
import type { Claim } from "../../src/studies/study.js";

function found(claims: readonly Claim[], words: string): Claim {
  const matching = claims.filter(({ claim }) => claim.includes(words));
  expect(matching, words).toHaveLength(1);
  return matching[0];
}

const verdict = (claims: readonly Claim[], words: string): string => found(claims, words).verdict;
const measured = (claims: readonly Claim[], words: string): string => found(claims, words).measured;

describe("couplings of RBMs", () => {
  const good: RecoveredCouplings = {
    ...{ size: "8x8, 128 hidden", penalty: "", coupling: 0.4, nearest: 0.39, overfitting: 0.006 },
    ...{
      projected: { value: 0.4, error: 0.002 },
      others: 0.015,
      strongest: "pair 1,1",
      far: 0.01,
      hasFar: true,
    },
    klPerSpin: { value: 0.001, error: 0.0001 },
  };
  const wide = (changed: Partial<RecoveredCouplings>) => judgeCouplings([{ ...good, ...changed }], []);

  it("are recovered within 5 % of K and 0.02 beyond three sites, in the mean over all configurations", () => {
    const words = "hidden units enough has J of nearest neighbours within";
    expect(verdict(wide({}), words)).toBe("yes");
    expect(verdict(wide({ nearest: 0.37 }), words)).toBe("no");
    expect(verdict(wide({ far: 0.03 }), words)).toBe("no");
    expect(verdict(wide({ far: NaN }), words)).toBe("undecided");
    expect(verdict(wide({ far: NaN, hasFar: false }), words)).toBe("yes");
    expect(verdict(wide({ nearest: NaN }), words)).toBe("undecided");
    expect(verdict(judgeCouplings([], []), words)).toBe("undecided");
    // What belongs to the other claims changes nothing here.
    expect(verdict(wide({ others: 0.3, projected: { value: 0.1, error: 0 } }), words)).toBe("yes");
  });

  it("are those of no other pairs only if the largest of these is small, wherever it is", () => {
    const words = "hidden units enough has no other pairs";
    expect(verdict(wide({}), words)).toBe("yes");
    expect(verdict(wide({ others: 0.122 }), words)).toBe("no");
    expect(measured(wide({ others: 0.122 }), words)).toMatch(/0\.122 \(pair 1,1\)/);
    expect(verdict(wide({ others: NaN }), words)).toBe("undecided");
  });

  it("are the same on the data only if the projection says so, its error included", () => {
    const words = "hidden units enough has the same J";
    expect(verdict(wide({}), words)).toBe("yes");
    expect(verdict(wide({ projected: { value: 0.3346, error: 0.0051 } }), words)).toBe("no");
    expect(verdict(wide({ projected: { value: 0.4, error: 0.02 } }), words)).toBe("undecided");
    expect(verdict(wide({ projected: { value: NaN, error: NaN } }), words)).toBe("undecided");
    expect(measured(wide({}), words)).toMatch(
      /0\.4000\(20\), KL\/n = 0\.00100\(10\) on the training data \(overfitting hides up to 0\.006\)/,
    );
    const exact = wide({ klPerSpin: { value: 0.001, error: 0 }, overfitting: 0 });
    expect(measured(exact, words)).toMatch(/over all states/);
  });

  it("are judged for RBMs with few hidden units by themselves", () => {
    const claims = judgeCouplings([good], [{ ...good, others: 0.2 }]);
    expect(verdict(claims, "hidden units enough has no other pairs")).toBe("yes");
    expect(verdict(claims, "every four spins has no other pairs")).toBe("no");
  });

  it("are explained by KL where the better fit is the nearer one, of the same size and told by the errors", () => {
    const words = "what KL says";
    const worse = { ...good, penalty: ", L1 0.01", nearest: 0.3, klPerSpin: { value: 0.1, error: 0.001 } };
    const judge = (changed: Partial<RecoveredCouplings>) =>
      judgeCouplings([good], [{ ...worse, ...changed }]);
    expect(verdict(judge({}), words)).toBe("yes");
    expect(verdict(judge({ klPerSpin: { value: 0.0001, error: 1e-5 } }), words)).toBe("no");
    expect(verdict(judge({ klPerSpin: { value: 0.0011, error: 0.0001 } }), words)).toBe("undecided");
    expect(verdict(judge({ coupling: 0.3 }), words)).toBe("undecided");
    expect(verdict(judge({ size: "16x16, 64 hidden" }), words)).toBe("undecided");
    expect(measured(judge({ size: "16x16, 64 hidden" }), words)).toMatch(/no two RBMs of one size/);
  });
});

describe("Liu's Venn diagram", () => {
  const place: VennPlace = {
    ...{ name: "a", coupling: 0.4, trained: false, isRbm: true, rbmFit: true, variationalRg: true },
    ...{ exactRg: true, good: true, independent: false, gap: 0, mean: { value: 0, error: 0 } },
    ...{ variance: 0, minimum: 0, maximum: 0, nearShare: 1, localized: NaN },
  };
  const own: VennPlace = { ...place, name: "trained", trained: true, localized: 1 };
  const one = "Mehta & Schwab's mapping, one way";

  it("ends an inclusion with one counterexample, and leaves it open without an example", () => {
    expect(verdict(judgeVenn([place]), one)).toBe("yes");
    expect(verdict(judgeVenn([place, { ...place, variationalRg: false }]), one)).toBe("no");
    expect(verdict(judgeVenn([place, { ...place, variationalRg: null }]), one)).toBe("undecided");
    expect(verdict(judgeVenn([]), one)).toBe("undecided");
    expect(verdict(judgeVenn([place, { ...place, independent: true }]), "depends on v")).toBe("no");
    expect(verdict(judgeVenn([{ ...place, rbmFit: false }]), "other way")).toBe("no");
  });

  it("counts only RBMs under an RBM", () => {
    const other = { ...place, isRbm: false, variationalRg: false };
    expect(verdict(judgeVenn([other]), one)).toBe("undecided");
    expect(verdict(judgeVenn([place, other]), one)).toBe("yes");
    const independent = { ...place, name: "b", isRbm: false, independent: true };
    expect(measured(judgeVenn([independent]), "depends on v")).toMatch(/b \(no RBM\)/);
  });

  it("counts a construction once, at however many couplings", () => {
    expect(counted([place, { ...place, coupling: 0.3 }, { ...place, name: "b" }, own])).toBe(
      "2 constructions at up to 2 couplings and 1 trained RBM",
    );
    expect(counted([place])).toBe("1 construction at 1 coupling");
    expect(counted([own, own])).toBe("2 trained RBMs");
  });

  it("says of RBMs that do not keep Z whether a constant is all they miss", () => {
    const shifted = { ...place, variationalRg: false, gap: 11, variance: 1e-28 };
    expect(measured(judgeVenn([shifted]), one)).toMatch(
      /11 to 11 nats, of all by a constant alone: Var D at most 1e-28/,
    );
    const claims = judgeVenn([shifted, { ...shifted, gap: 12, exactRg: false }]);
    expect(measured(claims, one)).toMatch(/\(F − F_λ = 11 to 12 nats\)/);
    expect(verdict(judgeVenn([shifted]), "up to a constant of the energy")).toBe("yes");
    expect(verdict(claims, "up to a constant of the energy")).toBe("no");
  });

  it("names trained RBMs of which it is not known whether they fit", () => {
    const claims = judgeVenn([place, { ...own, rbmFit: null, variance: 0.617, variationalRg: false }]);
    expect(verdict(claims, one)).toBe("yes");
    expect(measured(claims, one)).toMatch(
      /does not tell whether it fits: trained, K = 0\.4 \(Var D\/2.* 0\.3085 nats\)/,
    );
  });

  it("judges trained RBMs alone by the trace condition, with the mean, variance and extremes of D", () => {
    const words = "trained RBMs meet the trace condition";
    const bad = {
      ...own,
      exactRg: false,
      mean: { value: 76.027, error: 0.097 },
      variance: 14.55,
      minimum: 61,
      maximum: 90,
    };
    expect(verdict(judgeVenn([place, bad]), words)).toBe("no");
    expect(measured(judgeVenn([place, bad]), words)).toBe(
      "trained, K = 0.4: D = 76.027(97), variance 14.55, from 61 to 90",
    );
    expect(verdict(judgeVenn([place]), words)).toBe("undecided");
    expect(verdict(judgeVenn([place, own]), words)).toBe("yes");
  });

  it("judges the range of H′ where hidden spins are somewhere", () => {
    const words = "short-ranged";
    const none = { ...own, good: null, nearShare: 0.152, localized: 0.0625 };
    expect(verdict(judgeVenn([own, none]), words)).toBe("yes");
    expect(measured(judgeVenn([none]), words)).toMatch(/fields not localised \(6\.25 %/);
    expect(measured(judgeVenn([{ ...none, nearShare: NaN }]), words)).toMatch(/unknown/);
    expect(verdict(judgeVenn([none]), words)).toBe("undecided");
    expect(verdict(judgeVenn([own, { ...own, good: false, nearShare: 0.3 }]), words)).toBe("no");
  });
});

describe("Kadanoff's variational RG", () => {
  const row = { exact: 0.9, fixed: 0.91, optimal: 0.9005 };

  it("has the golden values to six digits, and a bound", () => {
    expect(verdict(judgeKadanoff(golden, [row]), "fixed point")).toBe("yes");
    expect(verdict(judgeKadanoff({ ...golden, thermal: 1.000881 }, [row]), "fixed point")).toBe("no");
    expect(verdict(judgeKadanoff({ ...golden, thermal: NaN }, [row]), "fixed point")).toBe("undecided");
    expect(verdict(judgeKadanoff(golden, [row]), "lower bound")).toBe("yes");
    expect(verdict(judgeKadanoff(golden, [row, { ...row, optimal: 0.899 }]), "lower bound")).toBe("no");
    expect(verdict(judgeKadanoff(golden, []), "lower bound")).toBe("undecided");
  });

  it("is the Ising model's only with one relevant even direction and its critical coupling", () => {
    const ising = { even: [2, 0.5, 0.25], criticalCoupling: 0.4407 };
    expect(verdict(judgeMap(ising), "one even direction")).toBe("yes");
    expect(verdict(judgeMap({ ...ising, even: [2, 1.151, 0.25] }), "one even direction")).toBe("no");
    expect(verdict(judgeMap({ ...ising, even: [0.9, 0.5] }), "one even direction")).toBe("no");
    expect(verdict(judgeMap({ ...ising, even: [] }), "one even direction")).toBe("undecided");
    expect(verdict(judgeMap(ising), "critical coupling")).toBe("yes");
    expect(verdict(judgeMap({ ...ising, criticalCoupling: 0.4848 }), "critical coupling")).toBe("no");
    expect(verdict(judgeMap({ ...ising, criticalCoupling: 0.4362 }), "critical coupling")).toBe("no");
    expect(verdict(judgeMap({ ...ising, criticalCoupling: NaN }), "critical coupling")).toBe("undecided");
  });

  it("has a second relevant direction, and its own critical coupling, worked out from the map", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rbm-rg-kadanoff-"));
    const claims = await concludeKadanoff(folder);
    rmSync(folder, { recursive: true });
    expect(measured(claims, "one even direction")).toBe(
      "2 even eigenvalues above 1 beside that of the constant: 2.001 (y = 1.001), 1.151 (y = 0.2033)",
    );
    expect(measured(claims, "critical coupling")).toMatch(/K_c = 0\.4848 against 0\.4407, off by 10\.0/);
  });
});

describe("thermometers", () => {
  const reading: TemperatureReading = { thermometer: "binder", exact: 2, value: 2.002, error: 0.004 };
  const words = "every reading of a thermometer";

  it("are judged by the readings that are sharp enough, and the others are named", () => {
    const judge = (...readings: TemperatureReading[]) => judgeThermometers(readings);
    expect(verdict(judge(reading), words)).toBe("yes");
    const blunt = { ...reading, exact: 3, value: 3.2, error: 0.1 };
    expect(verdict(judge(reading, blunt, { ...blunt, exact: 5 }), words)).toBe("yes");
    expect(measured(judge(reading, blunt, { ...blunt, exact: 5 }), words)).toBe(
      "1 of 1 within, largest error 0.1 %; of 3 readings not sharp enough: binder at T = 3, 5",
    );
    expect(verdict(judge(reading, { ...reading, value: 2.1 }), words)).toBe("no");
    // Sharp enough by its error alone: one that is off by nearly the tolerance is not left out.
    expect(verdict(judge(reading, { ...reading, value: 2.019 }), words)).toBe("undecided");
    expect(verdict(judge({ ...reading, value: NaN, error: NaN }), words)).toBe("undecided");
    expect(verdict(judge({ ...reading, error: 0.0051 }), words)).toBe("undecided");
  });

  it("are tried on consecutive blocks of whole rounds", () => {
    const chains = 4;
    const rows = bitMatrix(10 * 3 * 4 * chains + 7, 8);
    // The first 3·4 rounds are up, and nothing else.
    for (let row = 0; row < 12 * chains; row++) for (let v = 0; v < 8; v++) setBit(rows, row, v, 1);
    const blocks = blocksOf(rows, chains);
    expect(blocks.map((block) => block.rows)).toEqual(new Array(10).fill(12 * chains));
    const ups = blocks.map((block) =>
      Array.from({ length: block.rows }, (_, row) => countUp(block, row)).reduce((a, b) => a + b),
    );
    expect(ups).toEqual([8 * 12 * chains, ...(new Array(9).fill(0) as number[])]);
    expect(blocksOf(bitMatrix(300, 8), 32)).toEqual([]);
    expect(blocksOf(bitMatrix(325, 8), null).map((block) => block.rows)).toEqual(new Array(10).fill(32));
  });
});

describe("the residual test", () => {
  const blocks = (rejected: number, of = 100): readonly ResidualReading[] =>
    Array.from({ length: of }, (_, k) => ({
      data: `${k}`,
      kind: "block",
      pValue: k < rejected ? 0.01 : 0.5,
    }));
  const rate = "as often as its level";

  it("is held to the exact binomial range of its level", () => {
    // By summing C(n, k) p^k (1 − p)^{n − k}.
    for (const [trials, probability, level] of [
      [100, 0.05, 0.01],
      [30, 0.05, 0.01],
      [40, 0.5, 0.05],
    ] as const) {
      let [term, below] = [(1 - probability) ** trials, 0];
      const cumulative = Array.from({ length: trials + 1 }, (_, k) => {
        if (k > 0) term *= ((trials - k + 1) / k) * (probability / (1 - probability));
        return (below += term);
      });
      const [least, most] = binomialRange(trials, probability, level);
      expect(least === 0 ? 0 : cumulative[least - 1]).toBeLessThanOrEqual(level / 2);
      expect(cumulative[least]).toBeGreaterThan(level / 2);
      expect(1 - cumulative[most]).toBeLessThanOrEqual(level / 2);
      if (most > 0) expect(1 - cumulative[most - 1]).toBeGreaterThan(level / 2);
    }
    expect(binomialRange(100, 0.05, 0.01)).toEqual([0, 11]);
    expect(binomialRange(40, 0.5, 0.05)).toEqual([14, 26]);
    expect(verdict(judgeResiduals(blocks(11)), rate)).toBe("yes");
    expect(verdict(judgeResiduals(blocks(12)), rate)).toBe("no");
    expect(verdict(judgeResiduals(blocks(2, 400)), rate)).toBe("no");
    expect(measured(judgeResiduals(blocks(5)), rate)).toMatch(/5 of 100 blocks, between 0 and 11 at 99 %/);
  });

  it("does not count whole samples or what could not be told among the blocks", () => {
    const other: ResidualReading = { data: "T = 2", kind: "whole", pValue: 0.001 };
    const unknown: ResidualReading = { data: "T = 2, block 1", kind: "block", pValue: NaN };
    const claims = judgeResiduals([...blocks(11), other, unknown]);
    expect(verdict(claims, rate)).toBe("yes");
    expect(measured(claims, rate)).toMatch(/11 of 100 blocks.*whole samples 1 of 1/);
    expect(verdict(judgeResiduals([other]), rate)).toBe("undecided");
  });

  it("has to reject mixtures and shuffles, each by themselves", () => {
    const kinds = [
      ["mixture", "coldest temperature with any other"],
      ["neighbours", "neighbouring temperatures"],
      ["shuffle", "shuffled sites"],
    ] as const;
    for (const [kind, words] of kinds) {
      const found: ResidualReading = { data: "half and half", kind, pValue: 1e-6 };
      expect(verdict(judgeResiduals([found]), words)).toBe("yes");
      const missed = judgeResiduals([found, { ...found, data: "T = 2 and 2.1", pValue: 0.2 }]);
      expect(verdict(missed, words)).toBe("no");
      expect(measured(missed, words)).toBe("1 of 2 rejected; not: T = 2 and 2.1 (p = 0.2)");
      for (const [, other] of kinds.filter(([name]) => name !== kind)) {
        expect(verdict(missed, other)).toBe("undecided");
      }
    }
  });
});
