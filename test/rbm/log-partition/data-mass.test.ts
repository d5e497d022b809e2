import { describe, expect, it } from "vitest";
import { type BitMatrix, bitMatrix } from "../../../src/kernels/index.js";
import { distinctRows, impossibleMass, logMass } from "../../../src/rbm/log-partition/data-mass.js";
import { estimateLogPartition } from "../../../src/rbm/log-partition/index.js";
import { enumerateJoint, randomRbm, toSingle } from "../oracle.js";
import { implementations } from "../training.js";
import { bimodalLayer, problemOf } from "./cases.js";

function rowsOf(states: readonly number[], columns: number): BitMatrix {
  const rows = bitMatrix(states.length, columns);
  rows.words.set(states);
  return rows;
}

describe("the mass of distinct configurations", () => {
  it("counts each once", () => {
    expect([...distinctRows(rowsOf([3, 1, 3, 0, 1], 4)).words]).toEqual([3, 1, 0]);
    const wide = bitMatrix(3, 40);
    wide.words.set([1, 2, 1, 3, 1, 2]);
    expect([...distinctRows(wide).words]).toEqual([1, 2, 1, 3]);
  });

  it.each(implementations)("is Z times their probability, and Z itself for all states ($name)", (kernels) => {
    for (const units of ["spin", "binary"] as const) {
      const layer = toSingle(randomRbm(units, 5, 4, "mass"));
      const { visible, logPartition } = enumerateJoint(layer);
      const some = logMass(layer, rowsOf([1, 17, 30], 5), kernels);
      expect(some).toBeCloseTo(logPartition + Math.log(visible[1] + visible[17] + visible[30]), 4);
      const all = logMass(
        layer,
        rowsOf(
          Array.from({ length: 32 }, (_, state) => state),
          5,
        ),
        kernels,
      );
      expect(all).toBeCloseTo(logPartition, 4);
      expect(impossibleMass({ value: logPartition, error: 0 }, all)).toBeNull();
    }
  });

  it("is an alarm beyond 3 standard deviations", () => {
    expect(impossibleMass({ value: 10, error: 0.5 }, 11.4)).toBeNull();
    expect(impossibleMass({ value: 10, error: 0.5 }, 11.6)).toMatch(
      /probability e\^1\.60 > 1, so ln Z is at least 11\.60/,
    );
    expect(impossibleMass({ value: 10, error: 0.5 }, -Infinity)).toBeNull();
  });

  it("catches an estimate that has missed the mode of the data", async () => {
    // with one row of the data up and one down the start of annealing is as far from the missed mode as without data
    const data = bitMatrix(2, 64);
    data.words.fill(0xffffffff, 0, 2);
    const layer = bimodalLayer("spin", 64, 10);
    const problem = problemOf({ name: "alarm", layer, data, target: null });
    const [exact, missed] = await estimateLogPartition(problem, ["exact", "ais"]);
    expect(missed.value).toBeLessThan(exact.value - 9);
    expect(missed.doubt).toMatch(/impossible: .* probability e\^\d+\.\d+ > 1/);
    expect(exact.doubt).toBeNull();
  });
});
