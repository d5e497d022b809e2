/**
 * The method of the Four Russians. A product of bits with a matrix needs no multiplication: the rows of the matrix are
 * taken K at a time, and for a tile of 16 columns all 2^K sums of K rows are tabulated. The K bits of a configuration
 * then look their sum up. A table holds 2^K entries of 16 numbers, entry d the sum over the rows whose bit is set in d,
 * counted as +1, and over the others, counted as `low` (−1 for spins, 0 for binary units). K is 5 to 8: the more
 * configurations, the larger tables are worth making.
 */

/** Rows whose sums are made in registers; those of the rows after them are added to what is there. */
@inline
const FIRST_ROWS: i32 = 5;

/** Bytes of the tables that are made at a time. */
@inline
export const TABLE_BYTES: usize = 262144;

/** Most tables that are made at a time. */
@inline
const MAX_TABLES: i32 = 32;

/** Most rows of a matrix that tables are made of at a time. */
@inline
export const MAX_BLOCK: i32 = 224;

/** Rows that tables of `group` rows each are made of at a time: `MAX_BLOCK` or fewer. */
export function blockRows(group: i32): i32 {
  return group * min(MAX_TABLES, <i32>(TABLE_BYTES >> (group + 6)));
}

/** Columns of a tile. */
@inline
export const TILE: i32 = 16;

/** Store entry d and the entry d + 16 that has the fifth row too. */
@inline
function put(at: usize, sum: v128, fifth: v128, offset: usize): void {
  v128.store(at + offset, sum);
  v128.store(at + offset, f32x4.add(sum, fifth), 1024);
}

@inline
function row(source: usize, stride: usize, k: i32, present: i32, scale: v128): v128 {
  return k < present ? f32x4.mul(v128.load(source + <usize>k * stride), scale) : f32x4.splat(0);
}

/** All 32 sums of rows 0…4 (those below `present`; the others count as zero) for four columns, less `rest` for spins. */
@inline
function buildColumns(
  at: usize,
  source: usize,
  stride: usize,
  present: i32,
  scale: v128,
  signed: bool,
  rest: v128,
): void {
  const r0 = row(source, stride, 0, present, scale);
  const r1 = row(source, stride, 1, present, scale);
  const r2 = row(source, stride, 2, present, scale);
  const r3 = row(source, stride, 3, present, scale);
  const r4 = row(source, stride, 4, present, scale);
  const none = signed
    ? f32x4.neg(f32x4.add(f32x4.add(f32x4.add(f32x4.add(r0, r1), f32x4.add(r2, r3)), r4), rest))
    : f32x4.splat(0);
  const d0 = signed ? f32x4.add(r0, r0) : r0;
  const d1 = signed ? f32x4.add(r1, r1) : r1;
  const d2 = signed ? f32x4.add(r2, r2) : r2;
  const d3 = signed ? f32x4.add(r3, r3) : r3;
  const d4 = signed ? f32x4.add(r4, r4) : r4;
  const s1 = f32x4.add(none, d0);
  const s2 = f32x4.add(none, d1);
  const s3 = f32x4.add(s1, d1);
  const s4 = f32x4.add(none, d2);
  const s5 = f32x4.add(s1, d2);
  const s6 = f32x4.add(s2, d2);
  const s7 = f32x4.add(s3, d2);
  put(at, none, d4, 0);
  put(at, s1, d4, 64);
  put(at, s2, d4, 128);
  put(at, s3, d4, 192);
  put(at, s4, d4, 256);
  put(at, s5, d4, 320);
  put(at, s6, d4, 384);
  put(at, s7, d4, 448);
  put(at, f32x4.add(none, d3), d4, 512);
  put(at, f32x4.add(s1, d3), d4, 576);
  put(at, f32x4.add(s2, d3), d4, 640);
  put(at, f32x4.add(s3, d3), d4, 704);
  put(at, f32x4.add(s4, d3), d4, 768);
  put(at, f32x4.add(s5, d3), d4, 832);
  put(at, f32x4.add(s6, d3), d4, 896);
  put(at, f32x4.add(s7, d3), d4, 960);
}

/** The next 2^bit entries of a table: the ones before plus the row's number, twice for spins, which were −1 so far. */
@inline
function double(table: usize, bit: i32, source: usize, scale: v128): void {
  const d0 = f32x4.mul(v128.load(source, 0), scale);
  const d1 = f32x4.mul(v128.load(source, 16), scale);
  const d2 = f32x4.mul(v128.load(source, 32), scale);
  const d3 = f32x4.mul(v128.load(source, 48), scale);
  const bytes = <usize>64 << bit;
  for (let from = table, to = table + bytes, end = to; from < end; from += 64, to += 64) {
    v128.store(to, f32x4.add(v128.load(from, 0), d0), 0);
    v128.store(to, f32x4.add(v128.load(from, 16), d1), 16);
    v128.store(to, f32x4.add(v128.load(from, 32), d2), 32);
    v128.store(to, f32x4.add(v128.load(from, 48), d3), 48);
  }
}

@inline
function buildAll(
  tables: usize,
  group: i32,
  source: usize,
  stride: usize,
  rows: i32,
  scale: v128,
  signed: bool,
): void {
  const factor = signed ? f32x4.add(scale, scale) : scale;
  let left = rows;
  for (; left >= FIRST_ROWS; left -= group) {
    const present = min(left, group);
    for (let column: usize = 0; column < 64; column += 16) {
      let rest = f32x4.splat(0);
      for (let k = FIRST_ROWS; k < present; k++) {
        rest = f32x4.add(rest, row(source + column, stride, k, present, scale));
      }
      buildColumns(tables + column, source + column, stride, FIRST_ROWS, scale, signed, rest);
    }
    for (let k = FIRST_ROWS; k < present; k++) double(tables, k, source + <usize>k * stride, factor);
    tables += <usize>64 << group;
    source += <usize>group * stride;
  }
  if (left > 0) {
    for (let column: usize = 0; column < 64; column += 16) {
      buildColumns(tables + column, source + column, stride, left, scale, signed, f32x4.splat(0));
    }
  }
}

/**
 * Tables of `rows` rows of 16 numbers, `stride` bytes apart, each multiplied by `scale`, `group` rows to a table. Only the
 * entries that a digit of so many rows can name are made.
 */
export function buildTables(
  tables: usize,
  group: i32,
  source: usize,
  stride: usize,
  rows: i32,
  scale: f32,
  signed: bool,
): void {
  if (signed) buildAll(tables, group, source, stride, rows, f32x4.splat(scale), true);
  else buildAll(tables, group, source, stride, rows, f32x4.splat(scale), false);
}

/**
 * sums[r] += Σ_g table_g[digit_rg] for `rows` rows of 16 sums each. `digits` points at the first digit of row 0; rows are
 * `stride` bytes apart.
 */
export function addLookups(
  tables: usize,
  group: i32,
  groups: i32,
  digits: usize,
  stride: usize,
  rows: i32,
  sums: usize,
): void {
  // The size of a table as a constant: it becomes part of the load instructions.
  if (group == 5) addLookupsOf(2048, tables, groups, digits, stride, rows, sums);
  else if (group == 6) addLookupsOf(4096, tables, groups, digits, stride, rows, sums);
  else if (group == 7) addLookupsOf(8192, tables, groups, digits, stride, rows, sums);
  else addLookupsOf(16384, tables, groups, digits, stride, rows, sums);
}

@inline
function addLookupsOf(
  bytes: usize,
  tables: usize,
  groups: i32,
  digits: usize,
  stride: usize,
  rows: i32,
  sums: usize,
): void {
  for (let r = 0; r < rows; r++) {
    let a0 = v128.load(sums, 0);
    let a1 = v128.load(sums, 16);
    let a2 = v128.load(sums, 32);
    let a3 = v128.load(sums, 48);
    const end = digits + groups;
    let table = tables;
    let at = digits;
    for (; at + 2 <= end; at += 2) {
      const e = table + (<usize>load<u8>(at) << 6);
      const f = table + (<usize>load<u8>(at, 1) << 6) + bytes;
      a0 = f32x4.add(a0, f32x4.add(v128.load(e, 0), v128.load(f, 0)));
      a1 = f32x4.add(a1, f32x4.add(v128.load(e, 16), v128.load(f, 16)));
      a2 = f32x4.add(a2, f32x4.add(v128.load(e, 32), v128.load(f, 32)));
      a3 = f32x4.add(a3, f32x4.add(v128.load(e, 48), v128.load(f, 48)));
      table += 2 * bytes;
    }
    if (at < end) {
      const e = table + (<usize>load<u8>(at) << 6);
      a0 = f32x4.add(a0, v128.load(e, 0));
      a1 = f32x4.add(a1, v128.load(e, 16));
      a2 = f32x4.add(a2, v128.load(e, 32));
      a3 = f32x4.add(a3, v128.load(e, 48));
    }
    v128.store(sums, a0, 0);
    v128.store(sums, a1, 16);
    v128.store(sums, a2, 32);
    v128.store(sums, a3, 48);
    sums += 64;
    digits += stride;
  }
}
