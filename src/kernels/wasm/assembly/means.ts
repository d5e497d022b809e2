import { spread } from "./digits";

/** counts[column] = rows whose bit is set, 16 columns at a time; `counts` has room for a multiple of 16. */
export function columnCounts(words: usize, wordsPerRow: i32, rows: i32, columns: i32, counts: usize): void {
  const stride = (<usize>wordsPerRow) << 2;
  for (let column = 0; column < columns; column += 16) {
    let c0 = i32x4.splat(0);
    let c1 = i32x4.splat(0);
    let c2 = i32x4.splat(0);
    let c3 = i32x4.splat(0);
    let source = words + ((<usize>column) >> 3);
    for (let first = 0; first < rows; first += 255) {
      // A byte counts to 255.
      let bytes = i8x16.splat(0);
      const last = min(rows, first + 255);
      for (let row = first; row < last; row++, source += stride) bytes = i8x16.sub(bytes, spread(source));
      const low = i16x8.extend_low_i8x16_u(bytes);
      const high = i16x8.extend_high_i8x16_u(bytes);
      c0 = i32x4.add(c0, i32x4.extend_low_i16x8_u(low));
      c1 = i32x4.add(c1, i32x4.extend_high_i16x8_u(low));
      c2 = i32x4.add(c2, i32x4.extend_low_i16x8_u(high));
      c3 = i32x4.add(c3, i32x4.extend_high_i16x8_u(high));
    }
    const out = counts + ((<usize>column) << 2);
    v128.store(out, c0, 0);
    v128.store(out, c1, 16);
    v128.store(out, c2, 32);
    v128.store(out, c3, 48);
  }
}

/** sums[column] = Σ over rows, in double precision, rows in order; `sums` has room for a multiple of 4. */
export function columnSums(values: usize, rows: i32, columns: i32, sums: usize): void {
  const stride = (<usize>columns) << 2;
  for (let column = 0; column < columns; column += 4) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let source = values + ((<usize>column) << 2);
    for (let row = 0; row < rows; row++, source += stride) {
      const x = v128.load(source);
      low = f64x2.add(low, f64x2.promote_low_f32x4(x));
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<u64>(x, x, 1, 1)));
    }
    const out = sums + ((<usize>column) << 3);
    v128.store(out, low, 0);
    v128.store(out, high, 16);
  }
}
