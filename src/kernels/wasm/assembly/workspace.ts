import { MAX_BLOCK, TABLE_BYTES } from "./tables";

/** The private memory of one thread: tables, a panel of the matrix, random numbers, and the sums of one tile. */

@inline
export const PANEL: usize = TABLE_BYTES;

/** Rows of 16 numbers. */
@inline
const PANEL_BYTES: usize = <usize>MAX_BLOCK * 64;

@inline
export const RANDOM: usize = PANEL + PANEL_BYTES;

@inline
const RANDOM_BYTES: usize = 2048;

/** Rows a kernel takes at a time. */
@inline
export const MAX_ROWS: i32 = 2048;

@inline
export const SUMS: usize = RANDOM + RANDOM_BYTES;

@inline
const BYTES: usize = SUMS + MAX_ROWS * 64;

/** Bytes of one thread's workspace. */
export function workspaceBytes(): i32 {
  return <i32>BYTES;
}

/** Rows a kernel takes at a time. */
export function maxRows(): i32 {
  return MAX_ROWS;
}

/** Where the workspace of a thread begins. */
@inline
export function workspaceOf(base: usize, thread: i32): usize {
  return base + <usize>thread * BYTES;
}

/** The share [share(t), share(t + 1)) of `count` pieces that falls to thread t. */
@inline
export function share(count: i32, thread: i32, threads: i32): i32 {
  return <i32>((<i64>count * thread) / threads);
}

/** Where the constants of the module end; every thread writes them anew when it starts. */
export function staticEnd(): i32 {
  return <i32>__heap_base;
}
