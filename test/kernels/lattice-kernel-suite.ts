import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Arena,
  type Kernels,
  type LatticeKernels,
  type LatticeState,
  referenceKernels,
} from "../../src/kernels/index.js";
import { deriveKey, RandomStream, seedKey, type SeedKey } from "../../src/random/index.js";

/** A periodic lattice, degenerate ones included: a side of 1 makes a site its own neighbour. */
interface Grid {
  readonly shape: readonly number[];
}

interface Case extends Grid {
  readonly chains: number;
  readonly coupling: number;
  readonly field: number;
  readonly seed: number;
}

const side = fc.oneof(fc.constantFrom(1, 2, 3), fc.integer({ min: 1, max: 17 }));
const shape = fc.oneof(
  fc.tuple(side, side),
  fc.tuple(fc.oneof(side, fc.integer({ min: 1, max: 200 }))),
  fc.constantFrom([2, 2, 3], [3, 4, 5], [2, 2, 2, 2], [1, 2, 1, 1, 2]),
);
const chains = fc.oneof(fc.constantFrom(1, 31, 32, 33, 127, 128, 129, 256), fc.integer({ min: 1, max: 300 }));
/** From bonds that are certain to none at all, and antiferromagnets. */
const coupling = fc.oneof(
  fc.constantFrom(0, 0.2, 0.408, 0.4406867935097715, 1, 3, 12, -0.3, -12),
  fc.double({ min: -1, max: 1, noNaN: true }),
);
const field = fc.oneof(fc.constantFrom(0, 0.25, -0.5, 2, -30), fc.double({ min: -1, max: 1, noNaN: true }));

/** site = mixed-radix number of its coordinates; directions +, − along each axis, as in ising/lattice.ts. */
function neighborsOf(sides: readonly number[]): Int32Array {
  const sites = sides.reduce((product, length) => product * length, 1);
  const degree = 2 * sides.length;
  const out = new Int32Array(sites * degree);
  let stride = 1;
  sides.forEach((length, axis) => {
    for (let site = 0; site < sites; site++) {
      const position = Math.floor(site / stride) % length;
      const base = site - position * stride;
      out[site * degree + 2 * axis] = base + ((position + 1) % length) * stride;
      out[site * degree + 2 * axis + 1] = base + ((position + length - 1) % length) * stride;
    }
    stride *= length;
  });
  return out;
}

/** Chains in random states, in the memory of `arena` or in ordinary memory. */
function randomState({ shape: sides, chains: count, seed }: Case, arena: Arena | null): LatticeState {
  const sites = sides.reduce((product, length) => product * length, 1);
  const wordsPerSite = 4 * Math.ceil(count / 128);
  const length = sites * wordsPerSite;
  const spins = arena?.words(length) ?? new Uint32Array(length);
  const stream = new RandomStream(seedKey(seed));
  for (let k = 0; k < length; k++) spins[k] = stream.nextWord();
  return {
    sites,
    degree: 2 * sides.length,
    neighbors: neighborsOf(sides),
    chains: count,
    wordsPerSite,
    spins,
  };
}

type Update = (
  kernels: LatticeKernels,
  state: LatticeState,
  couplings: Case,
  key: SeedKey,
  sizes: Float64Array,
) => void;

const updates: Readonly<Record<string, Update>> = {
  "heat bath": (kernels, state, couplings, key) => {
    kernels.heatBathSweep(state, couplings, key);
  },
  Metropolis: (kernels, state, couplings, key) => {
    kernels.metropolisSweep(state, couplings, key);
  },
  Wolff: (kernels, state, couplings, key, sizes) => {
    kernels.wolffCluster(state, couplings, key, sizes);
  },
  "Swendsen–Wang": (kernels, state, couplings, key) => {
    kernels.swendsenWangSweep(state, couplings, key);
  },
};

/** Spins and cluster sizes after each of three updates. */
function trace(kernels: LatticeKernels, update: Update, state: LatticeState, couplings: Case): unknown[] {
  const sizes = new Float64Array(state.chains).fill(0.5);
  return [0, 1, 2].map((step) => {
    update(kernels, state, couplings, deriveKey(seedKey(couplings.seed), "isingChains", step), sizes);
    return [state.spins.slice(), sizes.slice()];
  });
}

/** That lattice kernels do what the reference does, bit for bit. */
export function describeLatticeKernels(kernels: Kernels): void {
  describe(`${kernels.name} lattice kernels, ${kernels.threads} threads`, () => {
    const cases = fc.record({ shape, chains, coupling, field, seed: fc.nat() });

    it.each(Object.entries(updates))("%s: spins and cluster sizes are the reference's", (_, update) => {
      fc.assert(
        fc.property(cases, fc.boolean(), (example, inArena) => {
          const arena = kernels.arena();
          const state = randomState(example, inArena ? arena : null);
          const found = trace(kernels.lattice, update, state, example);
          const expected = trace(referenceKernels.lattice, update, randomState(example, null), example);
          expect(found).toEqual(expected);
          arena.release();
        }),
        { seed: 1, numRuns: 120 },
      );
    });

    it("keep to the reference at the size of real runs: 40×40, 130 chains at K = 0.408", () => {
      const example = { shape: [40, 40], chains: 130, coupling: 0.408, field: 0, seed: 5 };
      for (const update of Object.values(updates)) {
        const arena = kernels.arena();
        const found = trace(kernels.lattice, update, randomState(example, arena), example);
        const expected = trace(referenceKernels.lattice, update, randomState(example, null), example);
        expect(found).toEqual(expected);
        arena.release();
      }
    });

    it("notice when another lattice of the same size takes the place of the last one", () => {
      const [wide, tall] = [
        [4, 9],
        [9, 4],
      ].map((sides) => ({ shape: sides, chains: 40, coupling: 0.4, field: 0.1, seed: 3 }));
      for (const update of Object.values(updates)) {
        for (const example of [wide, tall, wide]) {
          const found = trace(kernels.lattice, update, randomState(example, null), example);
          expect(found).toEqual(trace(referenceKernels.lattice, update, randomState(example, null), example));
        }
      }
    });
  });
}
