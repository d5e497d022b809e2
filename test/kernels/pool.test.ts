import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bitMatrix, type Kernels } from "../../src/kernels/index.js";
import { SharedMemory } from "../../src/kernels/wasm/memory.js";
import { ThreadPool } from "../../src/kernels/wasm/pool.js";
import { fillStandardNormal, RandomStream, seedKey } from "../../src/random/index.js";
import { sharingKernels } from "./threads.js";

/** Everything the RBM kernels make of one layer, as bytes. */
function everything(kernels: Kernels, visible: number, hidden: number, rows: number): Uint8Array[] {
  const arena = kernels.arena();
  const normal = (length: number, seed: string): Float32Array => {
    const out = arena.float32(length);
    fillStandardNormal(seedKey(seed), out);
    return out;
  };
  const layer = {
    units: "spin" as const,
    visible,
    hidden,
    weights: normal(visible * hidden, "W"),
    visibleBias: normal(visible, "c"),
    hiddenBias: normal(hidden, "b"),
  };
  const given = bitMatrix(rows, visible, (length) => arena.words(length));
  const stream = new RandomStream(seedKey("v"));
  given.words.forEach((_, k) => (given.words[k] = stream.nextWord()));
  const unused = 32 * given.wordsPerRow - visible;
  for (let row = 1; row <= rows; row++) given.words[row * given.wordsPerRow - 1] >>>= unused;
  const inputs = arena.float32(rows * hidden);
  const means = arena.float32(rows * hidden);
  const sampled = bitMatrix(rows, hidden, (length) => arena.words(length));
  const traces = new Float64Array(rows);
  const sample = { key: seedKey("h"), out: sampled };
  kernels.rbm.hiddenGivenVisible(layer, given, { inputs, means, sample, logPartitions: [{ out: traces }] });
  const back = arena.float32(rows * visible);
  kernels.rbm.visibleGivenHidden(layer, sampled, { inputs: back });
  const velocity = arena.float32(visible * hidden);
  const terms = [{ visible: given, hiddenMeans: means, scale: 0.01 }];
  const step = { rate: 0.1, momentum: 0.5, l2: 0, l1: 0, threshold: 1e-3 };
  kernels.rbm.descend("spin", terms, step, hidden, layer.weights, velocity);
  const bytes = [inputs, means, sampled.words, traces, back, velocity, layer.weights].map((array) =>
    Uint8Array.from(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)),
  );
  arena.release();
  return bytes;
}

describe("threads", () => {
  it("1, 2, 3 and 4 threads give the same bytes, whatever the shape", async () => {
    const pools = await Promise.all([1, 2, 3, 4].map(sharingKernels));
    for (const [visible, hidden, rows] of [
      [1, 1, 1],
      [16, 16, 7],
      [33, 17, 5],
      [100, 50, 40],
      [170, 333, 101],
      [31, 65, 1100],
    ] as const) {
      const [alone, ...shared] = pools.map((kernels) => everything(kernels, visible, hidden, rows));
      for (const bytes of shared) {
        expect(bytes.map((array, k) => Buffer.compare(array, alone[k]))).toEqual(alone.map(() => 0));
      }
    }
    for (const kernels of pools) kernels.close();
  });

  it("an error in a helper reaches the caller with its message, and the pool lives on", async () => {
    const memory = new SharedMemory();
    const pool = new ThreadPool(memory, 2, 0);
    while (!pool.helpersReady()) await new Promise((resolve) => setTimeout(resolve, 5));
    // 2 rows, shared one each: the second one lies beyond the end of the memory, so only the helper fails
    const words = memory.allocate(64);
    const beyond = memory.memory.buffer.byteLength - words;
    const call = (wordsPerRow: number): void => {
      pool.run("rowDigits", 1, words, wordsPerRow, 2, 5, memory.allocate(64), 5);
    };
    expect(() => {
      call(beyond);
    }).toThrow(/kernel thread failed: .*out of bounds/);
    expect(() => {
      call(1);
    }).not.toThrow();
    pool.close();
  });

  it.runIf(process.platform === "linux")(
    "helpers end when they are closed, also before they are up",
    async () => {
      const threads = (): number => readdirSync("/proc/self/task").length;
      const before = threads();
      const pools = Array.from({ length: 6 }, () => new ThreadPool(new SharedMemory(), 3, 0));
      for (const pool of pools) pool.helpersReady();
      for (const pool of pools.slice(3)) pool.close();
      while (!pools.slice(0, 3).every((pool) => pool.helpersReady())) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      for (const pool of pools.slice(0, 3)) pool.close();
      for (let wait = 0; wait < 200 && threads() > before; wait++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(threads()).toBeLessThanOrEqual(before);
    },
  );

  it("helpers that have nothing to do take no processor time", async () => {
    const kernels = await sharingKernels(2);
    everything(kernels, 100, 50, 40);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { user, system } = process.cpuUsage(before);
    // a spinning helper would burn all of the 300 ms
    expect(user + system).toBeLessThan(150_000);
    kernels.close();
  });

  it("memory: blocks given back are used again, and neighbours are joined", () => {
    const memory = new SharedMemory();
    const blocks = Array.from({ length: 10 }, () => memory.allocate(1 << 20));
    const size = memory.memory.buffer.byteLength;
    for (const index of [3, 5, 4, 0, 9, 8, 1, 2, 7, 6]) memory.free(blocks[index]);
    memory.allocate(9 << 20);
    expect(memory.memory.buffer.byteLength).toBe(size);
    expect(() => {
      memory.free(blocks[5]);
    }).toThrow(RangeError);
  });

  it("memory: more than 4 GiB is refused with a clear error before anything is lost", () => {
    const memory = new SharedMemory();
    const block = memory.allocate(1000);
    expect(() => memory.allocate(5 * 2 ** 30)).toThrow(/5121 MiB more memory|5120 MiB more memory/);
    memory.free(block);
    expect(memory.allocate(1000)).toBe(block);
  });
});
