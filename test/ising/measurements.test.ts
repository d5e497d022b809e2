import { describe, expect, it } from "vitest";
import { enumerateIsing, exactReference } from "../../src/ising/exact/index.js";
import { chain, type Lattice, torus } from "../../src/ising/lattice.js";
import { measure } from "../../src/ising/measurements.js";
import { isingModel } from "../../src/ising/model.js";
import { isingHamiltonian, isingHamiltonians } from "../../src/ising/hamiltonian.js";
import { binderCumulant, correlationLength, estimateObservables } from "../../src/ising/observables.js";
import { bitMatrix, packBits } from "../../src/kernels/index.js";

/** Every state of a lattice, one row each, in the numbering of the exact references. */
function allStates(lattice: Lattice) {
  const rows = bitMatrix(2 ** lattice.sites, lattice.sites);
  for (let state = 0; state < rows.rows; state++) rows.words[state] = state;
  return rows;
}

describe.each([
  ["3×4", torus(3, 4)],
  ["2×3", torus(2, 3)],
  ["ring of 9", chain(9)],
])("measurements on %s", (_, lattice) => {
  const model = isingModel(lattice, 0.35);
  const measurements = measure(model, allStates(lattice), 1);
  const hamiltonians = isingHamiltonians(model, allStates(lattice));
  const weights = hamiltonians.map((h) => Math.exp(-h));
  const partition = weights.reduce((sum, w) => sum + w, 0);
  const average = (series: Float64Array, f: (x: number) => number = (x) => x): number =>
    series.reduce((sum, x, state) => sum + (f(x) * weights[state]) / partition, 0);

  it("averaged over the Boltzmann distribution give the exact references", () => {
    const exact = exactReference(model);
    const [energy, magnetization] = [measurements.energy[0], measurements.magnetization[0]];
    const factors = measurements.structureFactors.map(([series]) => average(series));
    expect(Math.log(partition)).toBeCloseTo(exact.logPartition!, 10);
    expect(average(energy)).toBeCloseTo(exact.energyPerSite!, 10);
    expect(average(magnetization, Math.abs)).toBeCloseTo(exact.absMagnetization!, 10);
    const [m2, m4] = [2, 4].map((power) => average(magnetization, (m) => m ** power));
    expect(m2).toBeCloseTo(exact.m2!, 10);
    expect(binderCumulant(m2, m4)).toBeCloseTo(exact.binder!, 10);
    expect(correlationLength(model, m2, factors)).toBeCloseTo(exact.correlationLength!, 10);
    const variance = average(energy, (e) => e * e) - average(energy) ** 2;
    expect(0.35 ** 2 * lattice.sites * variance).toBeCloseTo(exact.specificHeat!, 10);
  });
});

describe("observables in a field", () => {
  it("use the connected susceptibility N(⟨m²⟩ − ⟨m⟩²) and the Hamiltonian counts the field", () => {
    const model = isingModel(torus(2, 2), 0.1, 0.4);
    const up = Int8Array.of(1, 1, 1, 1);
    expect(isingHamiltonian(model, up)).toBeCloseTo(-0.1 * 8 - 0.4 * 4, 12);
    const series = packBits([1, 1, 1, 1, 1, 1, 1, -1, 1, 1, 1, 1, -1, -1, 1, 1], 4, 4);
    const susceptibility = estimateObservables(model, measure(model, series, 4)).find(
      (o) => o.name === "susceptibility",
    );
    // m = 1, ½, 1, 0: the jackknife removes the bias of the plug-in value, leaving N times the unbiased variance 11/48.
    expect(susceptibility?.value).toBeCloseTo(4 * (11 / 48), 10);
    expect(enumerateIsing(model).magnetization).toBeGreaterThan(0.4);
  });
});
