import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { FIRST } from "./memory.js";

/** The operations of the module that threads share: all end with (thread, threads). */
export const operations = [
  "conditional",
  "gradient",
  "rowDigits",
  "columnDigits",
  "realInputs",
  "heatBath",
  "metropolis",
  "wolff",
  "swendsenWang",
  "hamiltonians",
  "logPartitions",
  "logSums",
  "probabilities",
  "moments",
] as const;

export type Operation = (typeof operations)[number];

/** What `mapSingle` can apply, by number. */
export const singleFunctions = ["exp", "tanh", "logistic", "logTwoCosh", "softplus"] as const;

/** What `mapDouble` can apply, by number. */
export const doubleFunctions = ["exp", "log"] as const;

/** The functions of the module. Addresses are bytes in the shared memory. */
export type KernelExports = Record<Operation, (...args: readonly number[]) => void> & {
  /** Where the module's constants end; every instance writes them anew, so nothing else may lie below. */
  staticEnd(): number;
  workspaceBytes(): number;
  maxRows(): number;
  columnCounts(words: number, wordsPerRow: number, rows: number, columns: number, counts: number): void;
  /** values ← f(values) with f one of `singleFunctions`; `count` a multiple of 4. For tests. */
  mapSingle(function_: number, values: number, count: number): void;
  /** The same with f one of `doubleFunctions`; `count` a multiple of 2. For tests. */
  mapDouble(function_: number, values: number, count: number): void;
  columnSums(values: number, rows: number, columns: number, sums: number): void;
  /** Eight blocks as assembly/threefry.ts lays them out, 64 bytes. For tests. */
  threefry8(key0: number, key1: number, first: number, second: number, out: number): void;
  /** Sixteen blocks, 128 bytes. For tests. */
  threefry16(key0: number, key1: number, first: number, secondA: number, secondB: number, out: number): void;
  randomWords(key0: number, key1: number, firstBlock: number, count: number, out: number): void;
  randomIntegers(key0: number, key1: number, bound: number, count: number, out: number): void;
  sweepScratchBytes(sites: number, groups: number): number;
  clusterScratchBytes(sites: number): number;
};

/** Built files are found by the same relative path from src/kernels/wasm and from dist/kernels/wasm. */
const BUILT = "../../../dist/kernels/wasm/";

export const WORKER_URL = new URL(`${BUILT}worker.js`, import.meta.url);

const MODULE_URL = new URL(`${BUILT}kernels.wasm`, import.meta.url);

let compiled: WebAssembly.Module | null = null;

/** The compiled module; compiled once. */
export function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(fileURLToPath(MODULE_URL)));
  return compiled;
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelExports {
  const abort = (): never => {
    throw new Error("a kernel was aborted");
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  const functions = exports as unknown as KernelExports;
  if (functions.staticEnd() > FIRST)
    throw new Error(`the kernels' constants end at ${functions.staticEnd()}: above ${FIRST}`);
  return functions;
}

/** A module of one function with a vector instruction, `() => i8x16.popcnt(i32x4.splat(0))`: valid only where SIMD is. */
const SIMD_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 65, 0, 253, 17, 253, 98, 11],
);

/** Why the WebAssembly kernels cannot run here, or null if they can. */
export function wasmObstacle(): string | null {
  if (typeof WebAssembly !== "object") return "this JavaScript engine has no WebAssembly";
  if (!WebAssembly.validate(SIMD_PROBE)) return "this processor or engine has no WebAssembly SIMD";
  if (typeof SharedArrayBuffer === "undefined") return "shared memory is switched off";
  return null;
}
