import { describe, expect, it } from "vitest";
import { exp, logistic, logTwoCosh, softplus, tanh } from "../../src/kernels/elementary.js";
import {
  expSingle,
  logisticSingle,
  logTwoCoshSingle,
  sampledBit,
  softplusSingle,
  tanhSingle,
} from "../../src/kernels/single.js";
import { SharedMemory } from "../../src/kernels/wasm/memory.js";
import { instantiate, kernelModule, singleFunctions } from "../../src/kernels/wasm/module.js";
import { RandomStream, seedKey, threefry2x32 } from "../../src/random/index.js";

/** Every 1021st single-precision number from the smallest to the largest of one sign: all exponents, all kinds of mantissas. */
function* everySingle(sign: 1 | -1, largest: number): Generator<number> {
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  for (let pattern = 0; pattern < 0x7f800000; pattern += 1021) {
    bits[0] = pattern;
    if (value[0] > largest) return;
    yield sign * value[0];
  }
}

const functions = {
  exp: { single: expSingle, exact: exp, bound: 1.2e-7, signs: [-1], largest: 87 },
  tanh: { single: tanhSingle, exact: tanh, bound: 3e-7, signs: [1, -1], largest: 3.5e38 },
  logistic: { single: logisticSingle, exact: logistic, bound: 3e-7, signs: [1, -1], largest: 87 },
  logTwoCosh: { single: logTwoCoshSingle, exact: logTwoCosh, bound: 2e-7, signs: [1, -1], largest: 3.4e38 },
  softplus: { single: softplusSingle, exact: softplus, bound: 3e-7, signs: [1, -1], largest: 87 },
} as const;

describe("the elementary functions in single precision", () => {
  for (const [name, { single, exact, bound, signs, largest }] of Object.entries(functions)) {
    it(`${name}: relative error at most ${bound} over the whole range`, () => {
      let worst = 0;
      let where = 0;
      for (const sign of signs) {
        for (const x of everySingle(sign, largest)) {
          const truth = exact(x);
          // below the normal range a single has no relative precision to speak of
          const error = Math.abs(single(x) - truth) / Math.max(Math.abs(truth), 2 ** -126);
          if (!(error <= worst)) [worst, where] = [error, x];
        }
      }
      expect(worst, `at ${where}`).toBeLessThanOrEqual(bound);
    });
  }

  it("far out: exp stops at e^−87, tanh at ±1, the traces are |x| and max(x, 0)", () => {
    expect(expSingle(-1e30)).toBe(expSingle(-87));
    expect(expSingle(-1e30)).toBeLessThan(1.7e-38);
    expect(expSingle(0)).toBe(1);
    expect([tanhSingle(50), tanhSingle(-50), tanhSingle(0)]).toEqual([1, -1, 0]);
    expect([logisticSingle(200), logisticSingle(0)]).toEqual([1, 0.5]);
    expect(logTwoCoshSingle(-1e20)).toBe(Math.fround(1e20));
    expect(softplusSingle(1e20)).toBe(Math.fround(1e20));
  });

  it("are symmetric to the bit", () => {
    for (const x of everySingle(1, 100)) {
      if (tanhSingle(-x) !== -tanhSingle(x)) expect.fail(`tanh ${x}`);
      if (logTwoCoshSingle(-x) !== logTwoCoshSingle(x)) expect.fail(`ln 2cosh ${x}`);
    }
  });
});

describe("the WebAssembly module", () => {
  const memory = new SharedMemory();
  const module = instantiate(kernelModule(), memory.memory);

  for (const [index, name] of singleFunctions.entries()) {
    it(`${name}: the same bits as in TypeScript over the whole range`, () => {
      const { single, signs, largest } = functions[name];
      const inputs = Float32Array.from(signs.flatMap((sign) => [...everySingle(sign, largest)]));
      const count = inputs.length - (inputs.length % 4);
      const address = memory.allocate(4 * count);
      const values = memory.float32(address, count);
      values.set(inputs.subarray(0, count));
      module.mapSingle(index, address, count);
      for (let k = 0; k < count; k++) {
        if (!Object.is(values[k], single(inputs[k]))) {
          expect.fail(`${name} ${inputs[k]}: ${values[k]}, in TypeScript ${single(inputs[k])}`);
        }
      }
      memory.free(address);
    });
  }

  it("makes the published random numbers: Threefry-2x32-20 known answers", () => {
    // Random123, kat_vectors; counters here start at 0, so the zero key is the one that can be reached
    const address = memory.allocate(4 * 64);
    const words = memory.words(address, 64);
    module.randomWords(0, 0, 0, 32, address);
    expect([words[0], words[1]]).toEqual([0x6b200159, 0x99ba4efe]);
    module.randomWords(0x13198a2e, 0x03707344, 0x243f6a88, 32, address);
    const block = new Uint32Array(2);
    threefry2x32(0x13198a2e, 0x03707344, 0x243f6a88, 0, block);
    expect([words[0], words[1]]).toEqual([...block]);
    memory.free(address);
  });

  it("makes the words of every stream in order", () => {
    const address = memory.allocate(4 * 320);
    const words = memory.words(address, 320);
    for (const seed of ["a", "b", "c"]) {
      const key = seedKey(seed);
      module.randomWords(key.word0, key.word1, 0, 320, address);
      const stream = new RandomStream(key);
      for (let k = 0; k < 320; k++) expect(words[k]).toBe(stream.nextWord());
      module.randomWords(key.word0, key.word1, 16, 32, address);
      const later = new RandomStream(key);
      for (let k = 0; k < 32; k++) later.nextWord();
      for (let k = 0; k < 32; k++) expect(words[k]).toBe(later.nextWord());
    }
    memory.free(address);
  });
});

describe("sampledBit", () => {
  it("draws the upper state with the probability of the unit, the rarer state to 4e-7 of it", () => {
    for (const units of ["spin", "binary"] as const) {
      for (const x of [-9, -3, -0.7, -1e-3, 0, 1e-3, 0.4, 2, 8]) {
        // the rule is monotone in the word: find the number of words that give the upper state by bisection
        const upper = (word: number): boolean => sampledBit(units, x, word) === 1;
        let low = 0;
        let high = 2 ** 32;
        while (low < high) {
          const middle = Math.floor((low + high) / 2);
          if (upper(middle)) low = middle + 1;
          else high = middle;
        }
        const p = logistic(units === "spin" ? 2 * x : x);
        const rare = Math.min(p, 1 - p);
        expect(Math.abs(low / 2 ** 32 - p), `${units} ${x}`).toBeLessThan(4e-7 * rare + 2 ** -32);
      }
    }
  });

  it("is symmetric: −x with the complemented word gives the other state", () => {
    const stream = new RandomStream(seedKey("symmetry"));
    for (let k = 0; k < 10_000; k++) {
      const x = 4 * stream.nextUniform() - 2;
      const word = stream.nextWord();
      if (x === 0) continue;
      expect(sampledBit("spin", -x, ~word >>> 0)).toBe(1 - sampledBit("spin", x, word));
    }
  });
});
