/** Rows of a larger row-major array: element (i, k) is data[offset + i·stride + k]. */
export interface MatrixRows {
  readonly data: Float64Array;
  readonly offset: number;
  readonly stride: number;
  readonly rows: number;
}

/** Terms summed in registers before they are added to the result: two operands of 4 × 256 fit the first-level cache. */
const INNER = 256;
/** Rows of b kept in the second-level cache while all rows of a pass by. */
const OUTER = 64;

/** All rows of a row-major matrix with `columns` columns. */
export function matrixRows(data: Float64Array, columns: number, first = 0, rows?: number): MatrixRows {
  return {
    data,
    offset: first * columns,
    stride: columns,
    rows: rows ?? Math.floor(data.length / columns) - first,
  };
}

/** out_ij += Σ_{k < inner} a_ik b_jk, that is out += a bᵀ. `out` must not share memory with a or b. */
export function addProduct(a: MatrixRows, b: MatrixRows, inner: number, out: MatrixRows): void {
  forEachTile(a, b, inner, (i, j, first, terms) => {
    addTile(a, b, out, i, j, first, terms);
  });
}

/** The lower triangle of out += a aᵀ; some elements next to the diagonal above it change too. See `mirrorLower`. */
export function addGram(a: MatrixRows, inner: number, out: MatrixRows): void {
  forEachTile(a, a, inner, (i, j, first, terms) => {
    if (j <= i) addTile(a, a, out, i, j, first, terms);
  });
}

/** Copy the lower triangle of a square matrix to the upper one. */
export function mirrorLower(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) matrix[j * size + i] = matrix[i * size + j];
  }
}

/** Tiles of 4 × 4 elements in an order that reuses what the caches hold. */
function forEachTile(
  a: MatrixRows,
  b: MatrixRows,
  inner: number,
  visit: (i: number, j: number, first: number, terms: number) => void,
): void {
  for (let first = 0; first < inner; first += INNER) {
    const terms = Math.min(INNER, inner - first);
    for (let block = 0; block < b.rows; block += OUTER) {
      const end = Math.min(block + OUTER, b.rows);
      for (let i = 0; i < a.rows; i += 4) {
        for (let j = block; j < end; j += 4) visit(i, j, first, terms);
      }
    }
  }
}

function addTile(
  a: MatrixRows,
  b: MatrixRows,
  out: MatrixRows,
  i: number,
  j: number,
  first: number,
  terms: number,
): void {
  if (i + 4 <= a.rows && j + 4 <= b.rows) {
    const place = out.offset + i * out.stride + j;
    const aStart = a.offset + i * a.stride + first;
    const bStart = b.offset + j * b.stride + first;
    addFullTile(a.data, aStart, a.stride, b.data, bStart, b.stride, out.data, place, out.stride, terms);
    return;
  }
  for (let r = i; r < Math.min(i + 4, a.rows); r++) {
    for (let c = j; c < Math.min(j + 4, b.rows); c++) {
      const aStart = a.offset + r * a.stride + first;
      const bStart = b.offset + c * b.stride + first;
      let sum = 0;
      for (let k = 0; k < terms; k++) sum += a.data[aStart + k] * b.data[bStart + k];
      out.data[out.offset + r * out.stride + c] += sum;
    }
  }
}

/** Sixteen scalar products at once: every number read takes part in four of them. */
function addFullTile(
  a: Float64Array,
  a0: number,
  aStride: number,
  b: Float64Array,
  b0: number,
  bStride: number,
  out: Float64Array,
  place: number,
  outStride: number,
  terms: number,
): void {
  const [a1, a2, a3] = [a0 + aStride, a0 + 2 * aStride, a0 + 3 * aStride];
  const [b1, b2, b3] = [b0 + bStride, b0 + 2 * bStride, b0 + 3 * bStride];
  let [s00, s01, s02, s03] = [0, 0, 0, 0];
  let [s10, s11, s12, s13] = [0, 0, 0, 0];
  let [s20, s21, s22, s23] = [0, 0, 0, 0];
  let [s30, s31, s32, s33] = [0, 0, 0, 0];
  for (let k = 0; k < terms; k++) {
    const x0 = a[a0 + k];
    const x1 = a[a1 + k];
    const x2 = a[a2 + k];
    const x3 = a[a3 + k];
    const y0 = b[b0 + k];
    const y1 = b[b1 + k];
    const y2 = b[b2 + k];
    const y3 = b[b3 + k];
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  addRow(out, place, s00, s01, s02, s03);
  addRow(out, place + outStride, s10, s11, s12, s13);
  addRow(out, place + 2 * outStride, s20, s21, s22, s23);
  addRow(out, place + 3 * outStride, s30, s31, s32, s33);
}

function addRow(out: Float64Array, place: number, s0: number, s1: number, s2: number, s3: number): void {
  out[place] += s0;
  out[place + 1] += s1;
  out[place + 2] += s2;
  out[place + 3] += s3;
}
