import { share } from "./workspace";

/** Bits to digits of `group` bits, 5 to 8, one a byte: the indices into the tables of tables.ts. */

/**
 * digits[row, g] = bits group·g … group·(g + 1) − 1 of the row (those beyond the last column count as 0), ⌈columns/group⌉
 * bytes a row; the words of the rows are 4·wordsPerRow bytes apart.
 */
export function rowDigits(
  words: usize,
  wordsPerRow: i32,
  rows: i32,
  columns: i32,
  digits: usize,
  group: i32,
  thread: i32,
  threads: i32,
): void {
  const stride = (columns + group - 1) / group;
  const end = share(rows, thread + 1, threads);
  const mask: u32 = (1 << group) - 1;
  const lastMask: u32 = (1 << (columns - (stride - 1) * group)) - 1;
  for (let row = share(rows, thread, threads); row < end; row++) {
    const source = words + ((<usize>row * wordsPerRow) << 2);
    const target = digits + <usize>row * stride;
    for (let g = 0, bit = 0; g < stride; g++, bit += group) {
      store<u8>(target + g, (load<u32>(source + (bit >> 3)) >> (bit & 7)) & mask);
    }
    const last = target + stride - 1;
    store<u8>(last, load<u8>(last) & lastMask);
  }
}

/** The 16 bits at `at` as 16 bytes, each all ones or zero. */
@inline
export function spread(at: usize): v128 {
  const both = v128.load_splat<u16>(at);
  const bytes = i8x16.shuffle(both, both, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
  const mask = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  return i8x16.eq(v128.and(bytes, mask), mask);
}

/**
 * digits[column, g] = the bits of `column` in rows group·g … (rows beyond the last count as 0): the digits of the
 * transposed matrix. `stride` bytes a column, ⌈rows/group⌉ of them used. Writes 16 columns at a time, so the last columns may
 * be beyond the matrix: `digits` has room for a multiple of 16.
 */
export function columnDigits(
  words: usize,
  wordsPerRow: i32,
  rows: i32,
  columns: i32,
  digits: usize,
  stride: i32,
  group: i32,
  thread: i32,
  threads: i32,
): void {
  const rowBytes = <usize>wordsPerRow << 2;
  const blocks = (columns + 15) >> 4;
  const last = share(blocks, thread + 1, threads);
  for (let block = share(blocks, thread, threads); block < last; block++) {
    let target = digits + <usize>block * 16 * stride;
    let source = words + <usize>block * 2;
    for (let row = 0; row < rows; row += group) {
      const present = min(group, rows - row);
      let sum = i8x16.splat(0);
      for (let k = 0; k < present; k++, source += rowBytes) {
        sum = v128.or(sum, v128.and(spread(source), i8x16.splat(<i8>1 << <i8>k)));
      }
      storeColumn(target++, stride, sum);
    }
  }
}

/** One byte to each of 16 rows, `stride` bytes apart. */
@inline
function storeColumn(at: usize, stride: i32, bytes: v128): void {
  v128.store_lane<u8>(at, bytes, 0);
  v128.store_lane<u8>((at += stride), bytes, 1);
  v128.store_lane<u8>((at += stride), bytes, 2);
  v128.store_lane<u8>((at += stride), bytes, 3);
  v128.store_lane<u8>((at += stride), bytes, 4);
  v128.store_lane<u8>((at += stride), bytes, 5);
  v128.store_lane<u8>((at += stride), bytes, 6);
  v128.store_lane<u8>((at += stride), bytes, 7);
  v128.store_lane<u8>((at += stride), bytes, 8);
  v128.store_lane<u8>((at += stride), bytes, 9);
  v128.store_lane<u8>((at += stride), bytes, 10);
  v128.store_lane<u8>((at += stride), bytes, 11);
  v128.store_lane<u8>((at += stride), bytes, 12);
  v128.store_lane<u8>((at += stride), bytes, 13);
  v128.store_lane<u8>((at += stride), bytes, 14);
  v128.store_lane<u8>((at += stride), bytes, 15);
}
