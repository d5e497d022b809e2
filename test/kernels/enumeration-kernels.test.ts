import { afterAll, describe, expect, it } from "vitest";
import { ResourceError } from "../../src/errors/index.js";
import { type Kernels, referenceKernels } from "../../src/kernels/index.js";
import { describeEnumerationKernels, layerOf } from "./enumeration-kernel-suite.js";
import { sharingKernels } from "./threads.js";

/**
 * Rounding: a ratio R is a product of up to n + 2 factors of relative error 2^−52 or so each, H a sum of as many terms as
 * there are parameters, and direct summation is no better. The worst of 3000 layers was 2.1e-15 (H) and 2.7e-15.
 */
const tolerance = { hamiltonian: 1e-14, statistics: 1e-14 };
const wasm = await Promise.all([1, 2, 3, 4].map(sharingKernels));
afterAll(() => {
  for (const kernels of wasm) kernels.close();
});

for (const kernels of [referenceKernels, ...wasm.slice(0, 3)]) describeEnumerationKernels(kernels, tolerance);

const example = {
  scale: 1,
  weak: 0x24,
  single: true,
  inArena: false,
  seed: 11,
} as const;

/** Everything that is enumerated of one layer, as bytes. */
function everything(kernels: Kernels, layer: ReturnType<typeof layerOf>): Buffer[] {
  const { enumeration } = kernels;
  const hamiltonians = new Float64Array(2 ** layer.visible);
  enumeration.hamiltonians(layer, hamiltonians);
  const probabilities = new Float64Array(hamiltonians.length);
  const sums = Float64Array.of(
    enumeration.logPartition(layer),
    enumeration.distribution(hamiltonians, probabilities),
  );
  const q = probabilities.map((p, state) => (state % 3) - p);
  const statistics = enumeration
    .statistics(layer, [probabilities, q])
    .flatMap(({ weights, visibleBias, hiddenBias }) => [weights, visibleBias, hiddenBias]);
  return [hamiltonians, probabilities, sums, ...statistics].map((array) => Buffer.from(array.buffer));
}

describe("threads", () => {
  it("1, 2, 3 and 4 threads give the same bytes, whatever the layer", () => {
    for (const units of ["spin", "binary"] as const) {
      for (const biased of [false, true]) {
        for (const [visible, hidden, scale] of [
          [1, 1, 1],
          [5, 3, 1],
          [8, 7, 100],
          [9, 2, 0.1],
          [10, 33, 1],
          [13, 8, 60],
        ]) {
          const biases = { visibleBias: biased, hiddenBias: biased };
          const layer = layerOf({ ...example, ...biases, units, visible, hidden, scale });
          const [alone, ...shared] = wasm.map((kernels) => everything(kernels, layer));
          for (const bytes of shared) {
            expect(bytes.map((array, k) => array.compare(alone[k]))).toEqual(alone.map(() => 0));
          }
        }
      }
    }
  });
});

describe("memory", () => {
  const [kernels] = wasm;
  const biases = { visibleBias: true, hiddenBias: true };

  /** Where the next block would be placed, and how large the memory is. */
  const footprint = (): readonly number[] => {
    const arena = kernels.arena();
    const probe = arena.float64(1);
    const found = [probe.byteOffset, probe.buffer.byteLength];
    arena.release();
    return found;
  };

  it("is given back after every call: repeating them takes no more", () => {
    const layer = layerOf({ ...example, ...biases, units: "spin", visible: 12, hidden: 20 });
    everything(kernels, layer);
    const before = footprint();
    for (let repetition = 0; repetition < 3; repetition++) everything(kernels, layer);
    expect(footprint()).toEqual(before);
  });

  it("that cannot be had is refused with the amount, and nothing is lost", () => {
    const hidden = 2 ** 21; // 4 GiB of tables
    const layer = layerOf({ ...example, ...biases, units: "binary", visible: 2, hidden });
    const before = footprint();
    const call = (): number => kernels.enumeration.logPartition(layer);
    expect(call).toThrow(ResourceError);
    expect(call).toThrow(/need 409[67] MiB more memory.*--kernels reference/);
    expect(footprint()).toEqual(before);
  });
});
