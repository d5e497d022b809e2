import { expect, it } from "vitest";
import { torus } from "../../src/ising/lattice.js";
import { SharedMemory } from "../../src/kernels/wasm/memory.js";
import { ThreadPool } from "../../src/kernels/wasm/pool.js";

it.each([8, 16, 24])("a Wolff cluster of all of 2 × %i sites stays within its thread's memory", (side) => {
  const memory = new SharedMemory();
  const { exports } = new ThreadPool(memory, 1);
  const { sites, degree, neighbors } = torus(2, side);
  const [wordsPerSite, chains] = [4, 64];
  const spins = memory.allocate(4 * sites * wordsPerSite);
  memory.words(spins, sites * wordsPerSite).fill(0xffffffff);
  const table = memory.allocate(neighbors.byteLength);
  memory.int32(table, neighbors.length).set(neighbors);
  const sizes = memory.allocate(4 * chains);
  const bytes = 64 * Math.ceil(exports.clusterScratchBytes(sites) / 64);
  const scratch = memory.allocate(2 * bytes);
  const ofTheOther = memory.words(scratch + bytes, bytes / 4).fill(0xabababab);
  const certain = -1;
  const record = [
    spins,
    wordsPerSite,
    sites,
    degree,
    table,
    chains,
    1,
    0,
    certain,
    1,
    2,
    sizes,
    scratch,
    bytes,
  ];
  const job = memory.allocate(4 * record.length);
  memory.int32(job, record.length).set(record);
  exports.wolff(job, 0, 2);
  expect([...memory.words(sizes, 32)]).toEqual(new Array(32).fill(sites));
  expect(ofTheOther.every((word) => word === 0xabababab)).toBe(true);
});
