import { describe, expect, it } from "vitest";
import type { ExpandedClass } from "../../src/analysis/couplings/index.js";
import { torus } from "../../src/ising/lattice.js";
import { isingModel } from "../../src/ising/model.js";
import { bitMatrix, setBit } from "../../src/kernels/bit-matrix.js";
import type { CouplingsSubject } from "../../src/report/couplings/measure-couplings.js";
import { nearPairShare, vennRows } from "../../src/report/couplings/venn-rows.js";
import type { MetricsRow } from "../../src/runs/index.js";
import { single, randomRbm } from "../analysis/couplings/random-rbm.js";
import { kernels } from "../physics/kernels.js";

/** One class of pairs, whatever its mean distance; its summary is not looked at. */
function pairs(members: readonly number[], values: readonly number[]): ExpandedClass {
  const of = { name: "pair", order: 2, distance: NaN, signs: null, members: Int32Array.from(members) };
  return { of, values: Float64Array.from(values), errors: new Float64Array(values.length) } as ExpandedClass;
}

describe("nearPairShare", () => {
  // Four hidden spins on a ring of 16 sites: the reach is 1½ spacings of four sites.
  const centers = [[0], [5.9], [8], [15]];

  it("takes every pair by its own distance, not that of the bin it is in", () => {
    // Distances 5.9, 8, 1, 2.1, 6.9 (round the ring), 7: near are those of 5.9, 1 and 2.1, in two bins with far ones.
    const expanded = [pairs([0, 1, 0, 2, 1, 3], [1, 2, 3]), pairs([0, 3, 1, 2, 2, 3], [4, 5, 6])];
    expect(nearPairShare(expanded, centers, [16])).toBeCloseTo(
      (1 + 16 + 25) / (1 + 4 + 9 + 16 + 25 + 36),
      12,
    );
  });

  it("leaves out spins without weights, which have neither place nor coupling", () => {
    const expanded = [pairs([0, 1, 0, 2, 1, 3, 0, 3, 1, 2, 2, 3], [1, 2, 3, 4, 5, 6])];
    const withDead = [...centers, [NaN]];
    expect(nearPairShare(expanded, withDead, [16])).toBe(nearPairShare(expanded, centers, [16]));
    expect(nearPairShare(expanded, withDead, [16])).toBeCloseTo(42 / 91, 12);
  });

  it("is not known where pairs are missing or all are near, and 1 without coupling", () => {
    expect(nearPairShare([pairs([0, 1, 0, 2], [1, 2])], centers, [16])).toBeNull();
    expect(nearPairShare([pairs([0, 1], [1])], [[0], [1]], [16])).toBeNull();
    const none = [pairs([0, 1, 0, 2, 0, 3, 1, 2, 1, 3, 2, 3], [0, 0, 0, 0, 0, 0])];
    expect(nearPairShare(none, centers, [16])).toBe(1);
  });
});

describe("vennRows", () => {
  const lattice = torus(4, 4);
  const layer = single(randomRbm(16, 3, 0.3, "spin"));
  layer.weights.fill(0, 0, 5);
  layer.visibleBias.fill(0);
  layer.hiddenBias.fill(0);
  const rows = bitMatrix(40, 16);
  for (let row = 0; row < 40; row++)
    for (let v = 0; v < 16; v++) setBit(rows, row, v, (row * (v + 3)) % 5 < 2 ? 1 : 0);
  const subject = {
    layers: [layer],
    dataset: { rows, lattice, model: isingModel(lattice, 0.3), chains: 20 },
  } as unknown as CouplingsSubject;
  const own = (row: Partial<MetricsRow>) =>
    vennRows(
      "run",
      subject,
      { side: "hidden", rows: [], expanded: [], projection: null },
      [{ layer: 1, ...row } as MetricsRow],
      40,
      kernels,
    )[0];

  it("adds what overfitting hides to a divergence on the data, for weights that are not zero, but not to an exact one", () => {
    const sampled = own({
      klPerSpin: 0.0001,
      klPerSpinError: 0.0002,
      freeEnergyGap: 3,
      freeEnergyGapError: 0.1,
    });
    expect(sampled.overfitting).toBeCloseTo((48 - 5) / 40, 12);
    expect(sampled.divergence).toBeCloseTo(0.0016, 12);
    expect(sampled.divergenceError).toBeCloseTo(0.0032, 12);
    expect(sampled.rbmFit).toBeNull();
    expect(sampled.gapError).toBe(0.1);
    const exact = own({ klPerSpin: 0.0001, klPerSpinError: 0, freeEnergyGap: 3, freeEnergyGapError: 0 });
    expect(exact.overfitting).toBe(0);
    expect(exact.rbmFit).toBe(true);
    expect(own({ klPerSpin: 0.0001, klPerSpinError: null }).rbmFit).toBeNull();
    expect(own({ klPerSpin: null, klPerSpinError: null }).divergence).toBeNull();
  });

  it("says which share of the fields is localised: of none that random weights make", () => {
    expect(own({}).localized).toBe(0);
    expect(own({}).good).toBeNull();
  });
});
