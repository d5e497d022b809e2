import { describe, expect, it } from "vitest";
import { type BitMatrix, bitMatrix, type LayerArrays, unpackRow } from "../../src/kernels/index.js";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { effectiveHamiltonian } from "../../src/rbm/energy.js";
import { effectiveHamiltonians } from "../../src/rbm/effective-hamiltonian.js";
import type { Rbm } from "../../src/rbm/parameters.js";
import { flat, fromFlat, largestDifference, randomRbm, toSingle, unitTypes } from "./oracle.js";
import { implementations } from "./training.js";

/** Random states of 37 units, in more rows than a kernel takes at a time. */
function randomRows(): BitMatrix {
  const rows = bitMatrix(1100, 37);
  const stream = new RandomStream(seedKey("rows"));
  rows.words.forEach((_, k) => (rows.words[k] = stream.nextWord() >>> (k % 2 === 0 ? 0 : 27)));
  return rows;
}

/** H_λ of every row, one at a time in double precision, for the RBM that belongs to the row. */
function oneByOne(rows: BitMatrix, rbmOf: (row: number) => Rbm): Float64Array {
  return Float64Array.from({ length: rows.rows }, (_, row) => {
    const rbm = rbmOf(row);
    const v = new Float64Array(rows.columns);
    unpackRow(rows, row, v, rbm.units === "spin" ? -1 : 0);
    return effectiveHamiltonian(rbm, v);
  });
}

/** The RBM with all parameters multiplied by β. */
function atInverseTemperature(rbm: Rbm, beta: number): Rbm {
  return fromFlat(
    rbm,
    flat(rbm).map((x) => beta * x),
  );
}

describe.each(implementations)("the effective Hamiltonian of many rows by the $name kernels", (kernels) => {
  // Hamiltonians of about 100: one rounding to single precision is 4e-6
  const tolerance = kernels.name === "reference" ? 1e-12 : 1.5e-5;
  const rows = randomRows();
  const layers = unitTypes.map((units): LayerArrays =>
    toSingle(randomRbm(units, 37, 21, "many rows"), kernels.arena()),
  );

  it("is that of the definition, biases included", () => {
    for (const layer of layers) {
      const found = effectiveHamiltonians(layer, rows, kernels);
      expect(
        largestDifference(
          found,
          oneByOne(rows, () => layer),
        ),
      ).toBeLessThan(tolerance);
      expect(Math.max(...found) - Math.min(...found)).toBeGreaterThan(30);
    }
  });

  it("at inverse temperature β is that of the model with all parameters multiplied by β, row by row", () => {
    const betas = Float32Array.from({ length: rows.rows }, (_, row) => [0, 0.25, 1, 0.7, 1.5][row % 5]);
    for (const layer of layers) {
      const scaled = new Map([...new Set(betas)].map((beta) => [beta, atInverseTemperature(layer, beta)]));
      const found = effectiveHamiltonians(layer, rows, kernels, betas);
      const expected = oneByOne(rows, (row) => scaled.get(betas[row])!);
      expect(largestDifference(found, expected)).toBeLessThan(1.5 * tolerance);
    }
  });

  it("is −m ln 2 at β = 0, and the plain one at β = 1 to the bit", () => {
    for (const layer of layers) {
      const [zeros, ones] = [0, 1].map((beta) => new Float32Array(rows.rows).fill(beta));
      const free = effectiveHamiltonians(layer, rows, kernels, zeros);
      expect(largestDifference(free, new Float64Array(rows.rows).fill(-21 * Math.LN2))).toBeLessThan(
        tolerance,
      );
      const plain = effectiveHamiltonians(layer, rows, kernels);
      expect(effectiveHamiltonians(layer, rows, kernels, ones)).toEqual(plain);
    }
  });
});
