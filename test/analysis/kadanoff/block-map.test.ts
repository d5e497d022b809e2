import { describe, expect, it } from "vitest";
import {
  blockStep,
  isingPotential,
  plaquetteCouplings,
  plaquettePotential,
  stationaryDistribution,
} from "../../../src/analysis/kadanoff/index.js";
import { DomainError } from "../../../src/errors/index.js";
import { RandomStream, seedKey } from "../../../src/random/index.js";
import { brutalStep, couplingNames, type Couplings, potentialOf, project, states } from "./sixteen-states.js";

/** Couplings in (−1, 1), fields and triples included. */
function randomCouplings(seed: string): Required<Couplings> {
  const stream = new RandomStream(seedKey(seed));
  const next = (): number => 2 * stream.nextUniform() - 1;
  return {
    constant: next(),
    field: next(),
    nearest: next(),
    diagonal: next(),
    triple: next(),
    fourSpin: next(),
  };
}

describe("Kadanoff's step", () => {
  it.each([0, 0.3, 0.766, 2, 12])("is the map of the 16 states at p = %d", (p) => {
    for (const seed of ["a", "b", "c"]) {
      const couplings = randomCouplings(seed);
      const expected = brutalStep(potentialOf(couplings), p);
      const found = plaquetteCouplings(blockStep(plaquettePotential(couplings), p).potential);
      for (const name of couplingNames) expect(found[name]).toBeCloseTo(project(expected, name), 12);
      // No other coupling is made: the six account for every state.
      potentialOf(found).forEach((u, index) => {
        expect(u).toBeCloseTo(expected[index], 11);
      });
    }
  });

  it("gives back the couplings a potential was made of", () => {
    const couplings = randomCouplings("round trip");
    const found = plaquetteCouplings(plaquettePotential(couplings));
    for (const name of couplingNames) expect(found[name]).toBeCloseTo(couplings[name], 14);
  });

  it("knows its derivatives with respect to u and p", () => {
    const p = 0.7;
    const potential = plaquettePotential(randomCouplings("derivative"));
    const { conditional, parameterSlope } = blockStep(potential, p);
    const h = 1e-5;
    for (let r = 0; r < 6; r++) {
      for (let c = 0; c < 6; c++) {
        const moved = (sign: number): number =>
          blockStep(
            potential.map((u, k) => u + (k === c ? sign * h : 0)),
            p,
          ).potential[r];
        expect(4 * conditional[6 * r + c]).toBeCloseTo((moved(1) - moved(-1)) / (2 * h), 8);
      }
      const slope =
        (blockStep(potential, p + h).potential[r] - blockStep(potential, p - h).potential[r]) / (2 * h);
      expect(parameterSlope[r]).toBeCloseTo(slope, 8);
    }
  });

  it("leaves its stationary distribution alone", () => {
    const potential = plaquettePotential(randomCouplings("stationary"));
    const { conditional } = blockStep(potential, 0.8);
    const found = stationaryDistribution(potential, 0.8);
    for (let c = 0; c < 6; c++) {
      const next = found.reduce((sum, probability, r) => sum + probability * conditional[6 * r + c], 0);
      expect(next).toBeCloseTo(found[c], 13);
    }
  });

  it("refuses impossible parameters", () => {
    for (const p of [-0.1, NaN, Infinity, 41]) {
      expect(() => blockStep(isingPotential(0.4), p)).toThrow(DomainError);
    }
  });
});

/** ln Z of a torus whose plaquettes (four sites each) carry u, by enumeration. */
function logPartition(
  sites: number,
  plaquettes: readonly (readonly number[])[],
  u: readonly number[],
): number {
  const energies = Array.from({ length: 2 ** sites }, (_, state) =>
    plaquettes.reduce(
      (sum, corners) => sum + u[corners.reduce((index, site, k) => index | (((state >> site) & 1) << k), 0)],
      0,
    ),
  );
  const largest = energies.reduce((a, b) => Math.max(a, b));
  return largest + Math.log(energies.reduce((sum, x) => sum + Math.exp(x - largest), 0));
}

/** The plaquettes of an L × L torus, corners in cyclic order. */
function torusPlaquettes(side: number): readonly (readonly number[])[] {
  const site = (x: number, y: number): number => (x % side) * side + (y % side);
  return Array.from({ length: side * side }, (_, index) => {
    const [x, y] = [Math.floor(index / side), index % side];
    return [site(x, y), site(x + 1, y), site(x + 1, y + 1), site(x, y + 1)];
  });
}

describe("the bound", () => {
  it("raises ln Z of the 4 × 4 torus, enumerated before and after the step, whatever u and p", () => {
    const models = [
      isingPotential(0.1),
      isingPotential(0.44),
      isingPotential(0.8),
      isingPotential(0.3, 0.2),
      plaquettePotential({ nearest: 0.2, diagonal: -0.1, triple: 0.05, fourSpin: 0.1, field: 0.05 }),
    ];
    const [four, two] = [torusPlaquettes(4), torusPlaquettes(2)];
    for (const model of models) {
      const before = logPartition(16, four, potentialOf(plaquetteCouplings(model)));
      const gains = [0.05, 0.4, 0.766, 1.5].map((p) => {
        const after = plaquetteCouplings(blockStep(model, p).potential);
        return logPartition(4, two, potentialOf(after)) - before;
      });
      for (const gain of gains) expect(gain).toBeGreaterThan(0);
      expect(Math.min(...gains)).toBeLessThan(0.9);
    }
    expect(states.length).toBe(16);
  });
});
