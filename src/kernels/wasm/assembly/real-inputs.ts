import { TILE } from "./tables";
import { share } from "./workspace";

/**
 * out[j] = b_j + Σ_i v_i W_ij for one vector of real numbers, in double precision, i in order. Threads share the tiles of
 * 16 columns; arrays have room for a whole number of tiles.
 */
export function realInputs(
  weights: usize,
  visible: i32,
  hidden: i32,
  bias: usize,
  values: usize,
  out: usize,
  thread: i32,
  threads: i32,
): void {
  const stride = <usize>hidden << 2;
  const tiles = (hidden + TILE - 1) / TILE;
  const end = share(tiles, thread + 1, threads) * TILE;
  for (let column = share(tiles, thread, threads) * TILE; column < end; column += TILE) {
    const first = <usize>column << 2;
    const sums = out + (<usize>column << 3);
    for (let k: usize = 0; k < 64; k += 16) {
      let w = weights + first + k;
      const b = v128.load(bias + first + k);
      let low = f64x2.promote_low_f32x4(b);
      let high = f64x2.promote_low_f32x4(v128.shuffle<u64>(b, b, 1, 1));
      for (let i = 0; i < visible; i++, w += stride) {
        const row = v128.load(w);
        const v = v128.load64_splat(values + (<usize>i << 3));
        low = f64x2.add(low, f64x2.mul(v, f64x2.promote_low_f32x4(row)));
        high = f64x2.add(high, f64x2.mul(v, f64x2.promote_low_f32x4(v128.shuffle<u64>(row, row, 1, 1))));
      }
      v128.store(sums + (k << 1), low, 0);
      v128.store(sums + (k << 1), high, 16);
    }
  }
}
