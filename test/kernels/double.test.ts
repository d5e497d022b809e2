import { describe, expect, it } from "vitest";
import { exp, log } from "../../src/kernels/elementary.js";
import { SharedMemory } from "../../src/kernels/wasm/memory.js";
import { doubleFunctions, instantiate, kernelModule } from "../../src/kernels/wasm/module.js";
import { RandomStream, seedKey } from "../../src/random/index.js";

/** Numbers of both signs: every exponent, subnormal numbers included, with a hundred random mantissas each. */
function everyExponent(): number[] {
  const words = new Uint32Array(2);
  const value = new Float64Array(words.buffer);
  const stream = new RandomStream(seedKey("mantissas"));
  return Array.from({ length: 2 * 2048 * 100 }, (_, k) => {
    words[0] = stream.nextWord();
    words[1] = ((k % 4096) << 20) | (stream.nextWord() >>> 12);
    return value[0];
  });
}

/** Numbers evenly spread over [low, high], their neighbours in the last place among them now and then. */
function evenly(low: number, high: number, count: number): number[] {
  const stream = new RandomStream(seedKey("even"));
  return Array.from({ length: count }, () => low + (high - low) * stream.nextUniform());
}

/** The number next to x, so many places away. */
function nextTo(x: number, places: number): number {
  const value = Float64Array.of(x);
  const bits = new BigInt64Array(value.buffer);
  bits[0] += BigInt(places);
  return value[0];
}

const special = [
  0,
  -0,
  1,
  -1,
  Infinity,
  -Infinity,
  NaN,
  5e-324,
  -5e-324,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
];

/** Where something changes: the ends of the range, the normal range, the halves of ln 2 and the fold at √2. */
const edges = {
  exp: [708, -708, 709.782712893384, -745.1332191019412, -708.3964185322641, Math.LN2 / 2, -Math.LN2 / 2],
  log: [2.2250738585072014e-308, Math.SQRT2, Math.SQRT2 / 2, 1, 2],
};

const functions = {
  exp: { inTypeScript: exp, low: -760, high: 720 },
  log: { inTypeScript: log, low: 0, high: 10 },
} as const;

describe("the WebAssembly module in double precision", () => {
  const memory = new SharedMemory();
  const module = instantiate(kernelModule(), memory.memory);

  for (const [index, name] of doubleFunctions.entries()) {
    it(`${name}: the same bits as in TypeScript over the whole range`, () => {
      const { inTypeScript, low, high } = functions[name];
      const near = edges[name].flatMap((x) => Array.from({ length: 201 }, (_, k) => nextTo(x, k - 100)));
      // an ordinary neighbour in the other half of a pair must not hide the rare cases
      const rare = [...special, ...near].flatMap((x) => [x, 1.5, 1.5, x, x, x]);
      const inputs = Float64Array.from([...everyExponent(), ...evenly(low, high, 400_000), ...rare]);
      expect(inputs.length % 2).toBe(0);
      const address = memory.allocate(8 * inputs.length);
      const values = memory.float64(address, inputs.length);
      values.set(inputs);
      module.mapDouble(index, address, inputs.length);
      for (let k = 0; k < inputs.length; k++) {
        if (!Object.is(values[k], inTypeScript(inputs[k]))) {
          expect.fail(`${name} ${inputs[k]}: ${values[k]}, in TypeScript ${inTypeScript(inputs[k])}`);
        }
      }
      memory.free(address);
    });
  }
});
