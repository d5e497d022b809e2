import { DomainError } from "../errors/index.js";
import { RotationSweeps } from "./rotation-sweeps.js";
import { transposedReflectors, tridiagonalize } from "./tridiagonal.js";

/** Spectrum and eigenvectors of a real symmetric matrix, A = Σ_k θ_k u_k u_kᵀ. */
export interface SymmetricEigen {
  /** Rows of the matrix, as many as columns. */
  readonly size: number;
  /** θ, in descending order. */
  readonly values: Float64Array;
  /** Row k is u_k, of unit length, its component of largest magnitude positive: vectors[k·size + i]. */
  readonly vectors: Float64Array;
}

/** QL takes 1.7 sweeps an eigenvalue; one that takes so many has met something that is not a number. */
const MOST_SWEEPS = 60;

/**
 * All eigenvalues and eigenvectors of a symmetric matrix, row-major, of which only the lower triangle is read:
 * Householder tridiagonalisation and implicit QL (Wilkinson & Reinsch, Handbook for Automatic Computation II (1971),
 * II/2 and II/3). Eigenvalues have absolute errors of a few ε‖A‖; eigenvectors are orthonormal to a few ε, those of
 * (nearly) equal eigenvalues too. Deterministic. DomainError for a wrong length or entries that are not finite. Cost
 * about 9 size³ floating-point operations; memory two matrices.
 */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen {
  const { scaled: vectors, unit } = scaledCopy(matrix, size);
  const { diagonal, offDiagonal, norms } = tridiagonalize(vectors, size);
  const rows = transposedReflectors(vectors, norms, size);
  const sweeps = new RotationSweeps(rows, size);
  diagonalize(diagonal, offDiagonal, sweeps);
  sweeps.finish();
  const order = descendingOrder(diagonal);
  order.forEach((from, k) => {
    const vector = rows.subarray(from * size, (from + 1) * size);
    const sign = peakOf(vector) < 0 ? -1 : 1;
    for (let i = 0; i < size; i++) vectors[k * size + i] = sign * vector[i];
  });
  return { size, values: Float64Array.from(order, (from) => unit * diagonal[from]), vectors };
}

/** The eigenvalues alone, in descending order, with the errors of `symmetricEigen`; cost 4/3 size³ operations. */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  const { scaled, unit } = scaledCopy(matrix, size);
  const { diagonal, offDiagonal } = tridiagonalize(scaled, size);
  diagonalize(diagonal, offDiagonal, null);
  return diagonal
    .sort()
    .reverse()
    .map((value) => unit * value);
}

/** The matrix in units of a power of two, which is exact, so that squares neither overflow nor vanish. */
function scaledCopy(matrix: Float64Array, size: number): { scaled: Float64Array; unit: number } {
  if (!Number.isInteger(size) || size < 1 || matrix.length !== size * size) {
    throw new DomainError(
      `eigenvalues of ${matrix.length} numbers as a ${size} × ${size} matrix: expected size² numbers, size ≥ 1.`,
    );
  }
  const bad = matrix.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new DomainError(
      `eigenvalues of a matrix whose entry (${Math.floor(bad / size)}, ${bad % size}) is ${matrix[bad]}: every entry must be finite.`,
    );
  }
  const largest = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let unit = 1;
  while (2 * unit <= largest) unit *= 2;
  while (unit > largest && largest > 0) unit /= 2;
  return { scaled: matrix.map((value) => value / unit), unit };
}

/**
 * Implicit QL: reduce a tridiagonal matrix with diagonal d and off-diagonal e (e[i] joins i and i + 1) to diagonal form,
 * in place. Every rotation of the coordinates i, i + 1 is passed on to `sweeps`.
 */
function diagonalize(d: Float64Array, e: Float64Array, sweeps: RotationSweeps | null): void {
  for (let first = 0; first < d.length; first++) {
    for (let sweep = 0; ; sweep++) {
      const last = blockEnd(d, e, first);
      if (last === first) break;
      if (sweep === MOST_SWEEPS) {
        throw new DomainError(`eigenvalue ${first} does not converge: is the matrix of a sensible size?`);
      }
      qlSweep(d, e, first, last, sweeps);
    }
  }
}

/** The last index of the block that begins at `first` and falls apart nowhere to rounding. */
function blockEnd(d: Float64Array, e: Float64Array, first: number): number {
  let last = first;
  while (last < d.length - 1) {
    const scale = Math.abs(d[last]) + Math.abs(d[last + 1]);
    if (scale + Math.abs(e[last]) === scale) break;
    last++;
  }
  return last;
}

/** One sweep of rotations from the bottom of the block to its top, shifted by the 2 × 2 block at the top. */
function qlSweep(
  d: Float64Array,
  e: Float64Array,
  first: number,
  last: number,
  sweeps: RotationSweeps | null,
): void {
  const slope = (d[first + 1] - d[first]) / (2 * e[first]);
  const root = length(slope, 1);
  let g = d[last] - d[first] + e[first] / (slope + (slope < 0 ? -root : root));
  let [sine, cosine, shift] = [1, 1, 0];
  sweeps?.begin(last);
  for (let i = last - 1; i >= first; i--) {
    const f = sine * e[i];
    const b = cosine * e[i];
    const r = length(f, g);
    if (i + 1 < last) e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= shift;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1] - shift;
    const t = (d[i] - g) * sine + 2 * cosine * b;
    shift = sine * t;
    d[i + 1] = g + shift;
    g = cosine * t - b;
    sweeps?.rotate(cosine, sine);
  }
  d[first] -= shift;
  e[first] = g;
}

/** √(a² + b²) without overflow. */
function length(a: number, b: number): number {
  const [small, large] = Math.abs(a) < Math.abs(b) ? [Math.abs(a), Math.abs(b)] : [Math.abs(b), Math.abs(a)];
  if (large === 0) return 0;
  const ratio = small / large;
  return large * Math.sqrt(1 + ratio * ratio);
}

function descendingOrder(values: Float64Array): Uint32Array {
  return Uint32Array.from(values, (_, k) => k).sort((a, b) => values[b] - values[a] || a - b);
}

/** The component of largest magnitude; of equal ones, to rounding, the first. */
function peakOf(vector: Float64Array): number {
  let peak = 0;
  for (const value of vector) if (Math.abs(value) > Math.abs(peak) * (1 + 1e-9)) peak = value;
  return peak;
}
