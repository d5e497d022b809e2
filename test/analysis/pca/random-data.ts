import { deriveKey, fillStandardNormal, seedKey } from "../../../src/random/index.js";
import { type Observations, realObservations } from "../../../src/analysis/pca/observations.js";

/** N(0, 1) numbers. */
export function normals(length: number, seed: string, index = 0): Float64Array {
  const out = new Float64Array(length);
  fillStandardNormal(deriveKey(seedKey(seed), "analysis", index), out);
  return out;
}

/** Independent ±1 with equal probability. */
export function independentSpins(rows: number, columns: number, seed: string): Float64Array {
  return normals(rows * columns, seed).map((x) => (x > 0 ? 1 : -1));
}

/** Rows A z, z from N(0, 1): Gaussian with covariance A Aᵀ; `mixing` is A, columns × columns. */
export function gaussianRows(
  rows: number,
  columns: number,
  mixing: Float64Array,
  seed: string,
): Float64Array {
  const z = normals(rows * columns, seed);
  const out = new Float64Array(rows * columns);
  for (let s = 0; s < rows; s++) {
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++) out[s * columns + i] += mixing[i * columns + j] * z[s * columns + j];
    }
  }
  return out;
}

/** The same rows handed out in blocks of another size. */
export function inBlocks(values: Float64Array, rows: number, columns: number, size: number): Observations {
  return {
    ...realObservations(values, rows, columns),
    forEachBlock: (visit) => {
      for (let first = 0; first < rows; first += size) {
        const count = Math.min(size, rows - first);
        visit(values.slice(first * columns, (first + count) * columns), count, first);
      }
    },
  };
}
