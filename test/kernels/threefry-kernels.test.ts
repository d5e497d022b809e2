import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SharedMemory } from "../../src/kernels/wasm/memory.js";
import { ThreadPool } from "../../src/kernels/wasm/pool.js";
import { threefry2x32 } from "../../src/random/index.js";

type Pair = readonly [number, number];

/** Published with the generator (Salmon et al., Random123, kat_vectors): Threefry-2x32 of 20 rounds. */
const published: readonly { readonly key: Pair; readonly counter: Pair; readonly block: Pair }[] = [
  { counter: [0, 0], key: [0, 0], block: [0x6b200159, 0x99ba4efe] },
  { counter: [0xffffffff, 0xffffffff], key: [0xffffffff, 0xffffffff], block: [0x1cb996fc, 0xbb002be7] },
  { counter: [0x243f6a88, 0x85a308d3], key: [0x13198a2e, 0x03707344], block: [0xc4923a9c, 0x483df7a0] },
];

const memory = new SharedMemory();
const { exports } = new ThreadPool(memory, 1);
const out = memory.allocate(128);

/** The eight blocks at `address`: word 0 of four blocks, then word 1, then the other four. */
function blocksAt(address: number): Pair[] {
  const words = memory.words(address, 16);
  return Array.from({ length: 8 }, (_, k) => {
    const at = 8 * (k >> 2) + (k & 3);
    return [words[at], words[at + 4]];
  });
}

function blockOf([key0, key1]: Pair, [counter0, counter1]: Pair): Pair {
  const block = new Uint32Array(2);
  threefry2x32(key0, key1, counter0, counter1, block);
  return [block[0], block[1]];
}

describe("Threefry in WebAssembly", () => {
  it.each(published)(
    "gives the published block of counter $counter in each of its lanes",
    ({ key, counter, block }) => {
      for (let lane = 0; lane < 8; lane++) {
        exports.threefry8(key[0], key[1], (counter[0] - lane) >>> 0, counter[1], out);
        expect(blocksAt(out)[lane]).toEqual(block);
        for (const [a, b, half] of [
          [counter[1], 5, 0],
          [5, counter[1], 64],
        ]) {
          exports.threefry16(key[0], key[1], (counter[0] - lane) >>> 0, a, b, out);
          expect(blocksAt(out + half)[lane]).toEqual(block);
        }
      }
    },
  );

  it("gives the blocks of the plain implementation for any key and counter", () => {
    const word = fc.nat(0xffffffff);
    fc.assert(
      fc.property(word, word, word, word, word, (key0, key1, first, a, b) => {
        exports.threefry16(key0, key1, first, a, b, out);
        for (const [half, second] of [
          [0, a],
          [64, b],
        ]) {
          const expected = Array.from({ length: 8 }, (_, k) =>
            blockOf([key0, key1], [(first + k) >>> 0, second]),
          );
          expect(blocksAt(out + half)).toEqual(expected);
          exports.threefry8(key0, key1, first, second, out + half);
          expect(blocksAt(out + half)).toEqual(expected);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
