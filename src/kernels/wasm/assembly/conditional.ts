import { fetch } from "./fetch";
import { logistic4, logTwoCosh4, sampled4, softplus4, tanh4 } from "./single";
import { addLookups, blockRows, buildTables, TILE } from "./tables";
import { threefry16 } from "./threefry";
import { MAX_ROWS, PANEL, RANDOM, share, SUMS, workspaceOf } from "./workspace";

/**
 * One layer given the other: the inputs x of 16 units at a time for all rows, and everything wanted of them while they
 * are in cache. A request is a record in memory (see kernels/wasm/rbm.ts); address 0 stands for "not wanted".
 */
@unmanaged
class Request {
  /** W, visible × hidden. */
  weights: usize;
  /** Floats from one row of W to the next: the hidden units. */
  weightStride: i32;
  /** 1 if the units are the visible ones, so that W is read by columns. */
  byColumns: i32;
  /** 1 for spin units. */
  signed: i32;
  /** Biases of the units. */
  bias: usize;
  /** Units of the given layer. */
  given: i32;
  /** Units of this layer. */
  units: i32;
  /** Digits of the given configurations, rows × digitStride bytes. */
  digits: usize;
  digitStride: i32;
  /** Bits of a digit. */
  group: i32;
  /** At most MAX_ROWS. */
  rows: i32;
  /** β of every row, or 0. */
  inverseTemperatures: usize;
  /** rows × units, or 0. */
  inputs: usize;
  means: usize;
  /** Bits of the sample, or 0. */
  sample: usize;
  wordsPerRow: i32;
  /** Number of the first row, for the address of its random numbers. */
  firstRow: i32;
  key0: u32;
  key1: u32;
  /** Partial sums over 16 units, tiles × rows doubles, or 0; twice, each with its own β of every row. */
  logPartitions: usize;
  logTemperatures: usize;
  logPartitions2: usize;
  logTemperatures2: usize;
  /** Workspaces of all threads. */
  workspaces: usize;
}

/** Most tiles that the rows of W are read for at a time. */
@inline
const PANEL_TILES: i32 = 8;

/**
 * Work on a request. Tiles are shared out evenly; those left over are shared by rows. No result depends on the number
 * of threads: every number is made by one thread, in one order.
 */
export function conditional(request: Request, thread: i32, threads: i32): void {
  const workspace = workspaceOf(request.workspaces, thread);
  const tiles = (request.units + TILE - 1) / TILE;
  const own = tiles / threads;
  runTiles(request, own * thread, own * (thread + 1), 0, request.rows, workspace);
  const first = share(request.rows, thread, threads);
  const count = share(request.rows, thread + 1, threads) - first;
  if (count > 0) runTiles(request, own * threads, tiles, first, count, workspace);
}

/** Some tiles, as many at a time as the workspace has room for; one at a time if W is read by columns. */
function runTiles(request: Request, first: i32, end: i32, firstRow: i32, rows: i32, workspace: usize): void {
  const most = request.byColumns != 0 ? 1 : min(PANEL_TILES, MAX_ROWS / rows);
  const bytes = <usize>rows << 6;
  for (let tile = first; tile < end; tile += most) {
    const tiles = min(most, end - tile);
    let sums = workspace + SUMS;
    for (let k = 0; k < tiles; k++, sums += bytes) startSums(request, tile + k, rows, sums);
    addProduct(request, tile * TILE, tiles, firstRow, rows, workspace);
    sums = workspace + SUMS;
    for (let k = 0; k < tiles; k++, sums += bytes) {
      finishTile(request, tile + k, firstRow, rows, sums, workspace + RANDOM);
    }
  }
}

/** Everything wanted of the inputs of a tile. */
function finishTile(request: Request, tile: i32, firstRow: i32, rows: i32, sums: usize, random: usize): void {
  const column = tile * TILE;
  const valid = min(TILE, request.units - column);
  if (request.logPartitions != 0) {
    const out = request.logPartitions + ((<usize>tile * request.rows + firstRow) << 3);
    addLogPartitions(request, sums, valid, firstRow, rows, request.logTemperatures, out);
  }
  if (request.logPartitions2 != 0) {
    const out = request.logPartitions2 + ((<usize>tile * request.rows + firstRow) << 3);
    addLogPartitions(request, sums, valid, firstRow, rows, request.logTemperatures2, out);
  }
  if (request.inverseTemperatures != 0) scale(sums, rows, request.inverseTemperatures + (<usize>firstRow << 2));
  const offset = (<usize>firstRow * request.units + column) << 2;
  const stride = <usize>request.units << 2;
  if (request.inputs != 0) storeTile(sums, rows, valid, request.inputs + offset, stride);
  if (request.sample != 0) sample(request, sums, column, valid, firstRow, rows, random);
  if (request.means != 0) {
    toMeans(sums, rows, request.signed != 0);
    storeTile(sums, rows, valid, request.means + offset, stride);
  }
}

/** Every row starts with the biases; columns beyond the last one start with 0. */
function startSums(request: Request, tile: i32, rows: i32, sums: usize): void {
  const bias = request.bias + (<usize>(tile * TILE) << 2);
  const valid = min(TILE, request.units - tile * TILE);
  for (let k = 0; k < TILE; k++) {
    store<f32>(sums + (<usize>k << 2), k < valid ? load<f32>(bias + (<usize>k << 2)) : 0);
  }
  const b0 = v128.load(sums, 0);
  const b1 = v128.load(sums, 16);
  const b2 = v128.load(sums, 32);
  const b3 = v128.load(sums, 48);
  for (let r = 1, at = sums + 64; r < rows; r++, at += 64) {
    v128.store(at, b0, 0);
    v128.store(at, b1, 16);
    v128.store(at, b2, 32);
    v128.store(at, b3, 48);
  }
}

/** sums += bits · W for the tiles from `column` on; while some rows of W are in cache, all tiles use them. */
function addProduct(
  request: Request,
  column: i32,
  tiles: i32,
  firstRow: i32,
  rows: i32,
  workspace: usize,
): void {
  const group = request.group;
  const block = blockRows(group);
  const digits = request.digits + <usize>firstRow * request.digitStride;
  const rowBytes = <usize>request.weightStride << 2;
  const byColumns = request.byColumns != 0;
  const stride = byColumns ? 64 : rowBytes;
  for (let first = 0; first < request.given; first += block) {
    const count = min(block, request.given - first);
    const groups = (count + group - 1) / group;
    const at = digits + first / group;
    let source = workspace + PANEL;
    if (byColumns) {
      fillPanel(request, column, first, count, source);
    } else {
      source = request.weights + <usize>first * rowBytes + (<usize>column << 2);
      fetch(source, stride, count, tiles, workspace + RANDOM);
    }
    let sums = workspace + SUMS;
    for (let k = 0; k < tiles; k++) {
      buildTables(workspace, group, source, stride, count, 1, request.signed != 0);
      addLookups(workspace, group, groups, at, request.digitStride, rows, sums);
      source += 64;
      sums += <usize>rows << 6;
    }
  }
}

/** panel[k, i] = W[row + i, first + k] for 16 rows of W (the last one repeated beyond the end) and `count` columns. */
function fillPanel(request: Request, row: i32, first: i32, count: i32, panel: usize): void {
  const stride = <usize>request.weightStride << 2;
  const last = request.units - 1;
  for (let i = 0; i < TILE; i += 4) {
    const r0 = request.weights + <usize>min(row + i, last) * stride + (<usize>first << 2);
    const r1 = request.weights + <usize>min(row + i + 1, last) * stride + (<usize>first << 2);
    const r2 = request.weights + <usize>min(row + i + 2, last) * stride + (<usize>first << 2);
    const r3 = request.weights + <usize>min(row + i + 3, last) * stride + (<usize>first << 2);
    let out = panel + (<usize>i << 2);
    let k: usize = 0;
    const whole = (<usize>count << 2) & ~15;
    for (; k < whole; k += 16) {
      const a = v128.load(r0 + k);
      const b = v128.load(r1 + k);
      const c = v128.load(r2 + k);
      const d = v128.load(r3 + k);
      const ab = v128.shuffle<u32>(a, b, 0, 4, 1, 5);
      const cd = v128.shuffle<u32>(c, d, 0, 4, 1, 5);
      const ef = v128.shuffle<u32>(a, b, 2, 6, 3, 7);
      const gh = v128.shuffle<u32>(c, d, 2, 6, 3, 7);
      v128.store(out, v128.shuffle<u64>(ab, cd, 0, 2), 0);
      v128.store(out, v128.shuffle<u64>(ab, cd, 1, 3), 64);
      v128.store(out, v128.shuffle<u64>(ef, gh, 0, 2), 128);
      v128.store(out, v128.shuffle<u64>(ef, gh, 1, 3), 192);
      out += 256;
    }
    for (; k < <usize>count << 2; k += 4) {
      store<f32>(out, load<f32>(r0 + k), 0);
      store<f32>(out, load<f32>(r1 + k), 4);
      store<f32>(out, load<f32>(r2 + k), 8);
      store<f32>(out, load<f32>(r3 + k), 12);
      out += 64;
    }
  }
}

/** out[r] = Σ over the tile's valid units of ln 2cosh(βx) or softplus(βx), in double precision. */
function addLogPartitions(
  request: Request,
  sums: usize,
  valid: i32,
  firstRow: i32,
  rows: i32,
  temperatures: usize,
  out: usize,
): void {
  for (let r = 0; r < rows; r++) {
    const beta = temperatures != 0 ? load<f32>(temperatures + (<usize>(firstRow + r) << 2)) : 1;
    const x = sums + (<usize>r << 6);
    let total = f64x2.splat(0);
    for (let k = 0; k < valid; k += 4) {
      const scaled = f32x4.mul(v128.load(x + (<usize>k << 2)), f32x4.splat(beta));
      const value = request.signed ? logTwoCosh4(scaled) : softplus4(scaled);
      const lanes = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(valid - k));
      const kept = v128.and(value, lanes);
      total = f64x2.add(total, f64x2.promote_low_f32x4(kept));
      total = f64x2.add(total, f64x2.promote_low_f32x4(v128.shuffle<u64>(kept, kept, 1, 1)));
    }
    store<f64>(out + (<usize>r << 3), f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1));
  }
}

/** x ← βx, row by row. */
function scale(sums: usize, rows: i32, inverseTemperatures: usize): void {
  for (let r = 0; r < rows; r++) {
    const beta = v128.load_splat<f32>(inverseTemperatures + (<usize>r << 2));
    for (let k: usize = 0; k < 64; k += 16) {
      const at = sums + (<usize>r << 6) + k;
      v128.store(at, f32x4.mul(v128.load(at), beta));
    }
  }
}

/** x ← tanh x or logistic x. */
function toMeans(sums: usize, rows: i32, signed: bool): void {
  const end = sums + (<usize>rows << 6);
  if (signed) {
    for (let at = sums; at < end; at += 16) v128.store(at, tanh4(v128.load(at)));
  } else {
    for (let at = sums; at < end; at += 16) v128.store(at, logistic4(v128.load(at)));
  }
}

/** Write the valid columns of the tile to rows `stride` bytes apart. */
function storeTile(sums: usize, rows: i32, valid: i32, out: usize, stride: usize): void {
  for (let r = 0; r < rows; r++) {
    if (valid == TILE) {
      v128.store(out, v128.load(sums, 0), 0);
      v128.store(out, v128.load(sums, 16), 16);
      v128.store(out, v128.load(sums, 32), 32);
      v128.store(out, v128.load(sums, 48), 48);
    } else {
      for (let k: usize = 0; k < <usize>valid << 2; k += 4) store<f32>(out + k, load<f32>(sums + k));
    }
    sums += 64;
    out += stride;
  }
}

/**
 * Sample the tile. Unit (row, column) takes word column & 1 of block (key, (column >>> 1, row)): eight blocks a row. Bits
 * beyond the last unit are 0.
 */
function sample(
  request: Request,
  sums: usize,
  column: i32,
  valid: i32,
  firstRow: i32,
  rows: i32,
  random: usize,
): void {
  const slope: f32 = request.signed ? -2 : -1;
  const mask = (1 << valid) - 1;
  const stride = <usize>request.wordsPerRow << 2;
  let out = request.sample + <usize>firstRow * stride + (<usize>column >> 3);
  const last = column + TILE >= request.units && (column & 16) == 0;
  for (let r = 0; r < rows; r += 2) {
    const row = <u32>(request.firstRow + firstRow + r);
    threefry16(request.key0, request.key1, <u32>column >> 1, row, row + 1, random);
    storeBits(out, sampleRow(sums, slope, random) & mask, last);
    if (r + 1 < rows) storeBits(out + stride, sampleRow(sums + 64, slope, random + 64) & mask, last);
    sums += 128;
    out += 2 * stride;
  }
}

/** The 16 bits of one row; `random` holds words 0 and 1 of its eight blocks as threefry8 leaves them. */
@inline
function sampleRow(sums: usize, slope: f32, random: usize): i32 {
  const x0 = v128.load(random, 0);
  const y0 = v128.load(random, 16);
  const x1 = v128.load(random, 32);
  const y1 = v128.load(random, 48);
  const b0 = i32x4.bitmask(sampled4(v128.load(sums, 0), slope, v128.shuffle<u32>(x0, y0, 0, 4, 1, 5)));
  const b1 = i32x4.bitmask(sampled4(v128.load(sums, 16), slope, v128.shuffle<u32>(x0, y0, 2, 6, 3, 7)));
  const b2 = i32x4.bitmask(sampled4(v128.load(sums, 32), slope, v128.shuffle<u32>(x1, y1, 0, 4, 1, 5)));
  const b3 = i32x4.bitmask(sampled4(v128.load(sums, 48), slope, v128.shuffle<u32>(x1, y1, 2, 6, 3, 7)));
  return b0 | (b1 << 4) | (b2 << 8) | (b3 << 12);
}

/** A tile is half a word; the last tile of a row clears the other half if nobody else fills it. */
@inline
function storeBits(at: usize, bits: i32, wholeWord: bool): void {
  if (wholeWord) store<u32>(at, bits);
  else store<u16>(at, bits);
}
