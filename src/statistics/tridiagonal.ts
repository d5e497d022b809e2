/** A symmetric matrix reduced to tridiagonal form, A = Q T Qᵀ. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** offDiagonal[i] = T_{i,i+1}; the last entry is 0. */
  readonly offDiagonal: Float64Array;
  /** h_i = |u_i|²/2 of the reflector H_i = 1 − u_i u_iᵀ/h_i; 0 where none was needed. */
  readonly norms: Float64Array;
}

/** Rows of Q that are made together: they and one reflector fit the second-level cache for 2000 columns. */
const ROWS_TOGETHER = 16;
/**
 * A sum of squares below this, beside entries of about 1, is nothing. What rounding leaves of a matrix of low rank shrinks
 * from reflector to reflector; the square of h would vanish long before its entries do.
 */
const NEGLIGIBLE = 1e-100;

/**
 * Householder reduction of the symmetric matrix in the lower triangle of `rows`, whose largest entry is about 1, from the last row up: H_i makes all of
 * row i zero but the two elements next to the diagonal. Overwrites `rows`: u_i, of length i, takes the place of row i.
 * Q = H_{n−1} … H_2. The change A − q uᵀ − u qᵀ that a reflector makes is put off until the next one reads the matrix.
 */
export function tridiagonalize(rows: Float64Array, size: number): Tridiagonal {
  const diagonal = new Float64Array(size);
  const offDiagonal = new Float64Array(size);
  const norms = new Float64Array(size);
  let u = new Float64Array(size);
  let q = new Float64Array(size);
  for (let i = size - 1; i >= 0; i--) {
    subtractOuter(rows, i * size, i + 1, u[i], q[i], u, q);
    diagonal[i] = rows[i * size + i];
    if (i === 0) break;
    const reflector = rows.subarray(i * size, i * size + i);
    offDiagonal[i - 1] = makeReflector(reflector, norms, i);
    const product = new Float64Array(i);
    updateAndMultiply(rows, size, i, u, q, reflector, product);
    if (norms[i] !== 0) projectOut(product, reflector, norms[i]);
    u = norms[i] === 0 ? new Float64Array(i) : reflector.slice();
    q = product;
  }
  return { diagonal, offDiagonal, norms };
}

/** Turn the row x, left of the diagonal, into u with H x = (0, …, 0, e); returns e and stores h at norms[i]. */
function makeReflector(x: Float64Array, norms: Float64Array, i: number): number {
  const pivot = x[i - 1];
  let square = 0;
  for (let k = 0; k < i - 1; k++) square += x[k] * x[k];
  if (square < NEGLIGIBLE) return pivot;
  const length = Math.sqrt(square + pivot * pivot);
  const signed = pivot < 0 ? -length : length;
  x[i - 1] += signed;
  norms[i] = square + pivot * pivot + pivot * signed;
  return -signed;
}

/** Elements 0 … count − 1 of one row of A − q uᵀ − u qᵀ. */
function subtractOuter(
  rows: Float64Array,
  start: number,
  count: number,
  ur: number,
  qr: number,
  u: Float64Array,
  q: Float64Array,
): void {
  for (let k = 0; k < count; k++) rows[start + k] -= ur * q[k] + qr * u[k];
}

/** A ← A − q uᵀ − u qᵀ in the leading `count` rows, and on the same way out = A x. */
function updateAndMultiply(
  rows: Float64Array,
  size: number,
  count: number,
  u: Float64Array,
  q: Float64Array,
  x: Float64Array,
  out: Float64Array,
): void {
  for (let r = 0; r < count; r++) {
    const start = r * size;
    const ur = u[r];
    const qr = q[r];
    const xr = x[r];
    let sum = 0;
    for (let k = 0; k < r; k++) {
      const a = rows[start + k] - (ur * q[k] + qr * u[k]);
      rows[start + k] = a;
      sum += a * x[k];
      out[k] += a * xr;
    }
    const a = rows[start + r] - 2 * ur * qr;
    rows[start + r] = a;
    out[r] = sum + a * xr;
  }
}

/** p = A u becomes q = p/h − (u·p/2h²) u, with which H A H = A − q uᵀ − u qᵀ. */
function projectOut(p: Float64Array, u: Float64Array, h: number): void {
  let overlap = 0;
  for (let k = 0; k < p.length; k++) overlap += u[k] * p[k];
  const share = overlap / (2 * h * h);
  for (let k = 0; k < p.length; k++) p[k] = p[k] / h - share * u[k];
}

/** Qᵀ = H_2 H_3 … H_{n−1} from the reflectors in `rows`; row r is the unit vector e_r with all H_i, i > r, applied. */
export function transposedReflectors(rows: Float64Array, norms: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let first = 0; first < size; first += ROWS_TOGETHER) {
    const last = Math.min(first + ROWS_TOGETHER, size);
    for (let r = first; r < last; r++) out[r * size + r] = 1;
    for (let i = first + 1; i < size; i++) {
      if (norms[i] === 0) continue;
      const u = rows.subarray(i * size, i * size + i);
      for (let r = first; r < Math.min(i, last); r++) subtractProjection(out, r * size, u, norms[i]);
    }
  }
  return out;
}

/** row ← row − (row·u/h) u. */
function subtractProjection(rows: Float64Array, start: number, u: Float64Array, h: number): void {
  let sum0 = 0;
  let sum1 = 0;
  let k = 0;
  for (; k + 1 < u.length; k += 2) {
    sum0 += rows[start + k] * u[k];
    sum1 += rows[start + k + 1] * u[k + 1];
  }
  if (k < u.length) sum0 += rows[start + k] * u[k];
  const share = (sum0 + sum1) / h;
  for (k = 0; k < u.length; k++) rows[start + k] -= share * u[k];
}
