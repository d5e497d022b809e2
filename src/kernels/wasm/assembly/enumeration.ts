import { expPair, logPair } from "./double";
import { BLOCK, blockCount, blockHamiltonians, blockStates, Traced, workspaceOf } from "./traced";
import { share } from "./workspace";

/** Sums over all states of one layer, block by block: every number is made by one thread, in one order. */

/**
 * out[v] = H(v) of every enumerated state. With `mirrored` set the states are the half of a table whose other half has
 * the same numbers at the complements, and both are written.
 */
export function hamiltonians(traced: Traced, out: usize, mirrored: i32, thread: i32, threads: i32): void {
  const workspace = workspaceOf(traced, thread);
  const blocks = blockCount(traced);
  const bytes = <usize>blockStates(traced) << 3;
  const end = share(blocks, thread + 1, threads);
  for (let block = share(blocks, thread, threads); block < end; block++) {
    blockHamiltonians(traced, block, workspace);
    const first = <usize>block << 11;
    memory.copy(out + first, workspace, bytes);
    if (mirrored == 0) continue;
    const last = out + ((<usize>2 << traced.free) << 3) - first - 16;
    for (let k: usize = 0; k < bytes; k += 16) {
      const pair = v128.load(workspace + k);
      v128.store(last - k, v128.shuffle<u64>(pair, pair, 1, 0));
    }
  }
}

/** out[block] = ln Σ e^{−H} over the states of every block of the enumerated layer. */
export function logPartitions(traced: Traced, out: usize, thread: i32, threads: i32): void {
  const workspace = workspaceOf(traced, thread);
  const blocks = blockCount(traced);
  const end = share(blocks, thread + 1, threads);
  for (let block = share(blocks, thread, threads); block < end; block++) {
    blockHamiltonians(traced, block, workspace);
    store<f64>(out + (<usize>block << 3), blockLogSum(workspace, blockStates(traced)));
  }
}

/** out[block] = ln Σ e^{−H} over every block of a table of `states` numbers, a power of 2 from 2 on. */
export function logSums(hamiltonians: usize, states: i32, out: usize, thread: i32, threads: i32): void {
  const blocks = (states + BLOCK - 1) / BLOCK;
  const end = share(blocks, thread + 1, threads);
  for (let block = share(blocks, thread, threads); block < end; block++) {
    const sum = blockLogSum(hamiltonians + (<usize>block << 11), min(BLOCK, states));
    store<f64>(out + (<usize>block << 3), sum);
  }
}

/** ln Σ e^{−H} of `count` states, an even number. */
function blockLogSum(hamiltonians: usize, count: i32): f64 {
  const end = hamiltonians + (<usize>count << 3);
  let least = v128.load(hamiltonians);
  for (let at = hamiltonians + 16; at < end; at += 16) least = f64x2.min(least, v128.load(at));
  least = f64x2.min(least, v128.shuffle<u64>(least, least, 1, 0));
  let sum = f64x2.splat(0);
  for (let at = hamiltonians; at < end; at += 16) {
    sum = f64x2.add(sum, expPair(f64x2.sub(least, v128.load(at))));
  }
  const total = f64x2.splat(f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
  return f64x2.extract_lane(logPair(total), 0) - f64x2.extract_lane(least, 0);
}

/** out[v] = e^{−H(v) − ln Z}; ln Z is read from memory. */
export function probabilities(
  hamiltonians: usize,
  states: i32,
  logPartition: usize,
  out: usize,
  thread: i32,
  threads: i32,
): void {
  const shift = v128.load64_splat(logPartition);
  const pairs = states >> 1;
  const end = <usize>share(pairs, thread + 1, threads) << 4;
  for (let k = <usize>share(pairs, thread, threads) << 4; k < end; k += 16) {
    v128.store(out + k, expPair(f64x2.sub(f64x2.neg(v128.load(hamiltonians + k)), shift)));
  }
}
