import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bernoulliLanes, fixedPoint } from "../../src/kernels/reference/lane-bernoulli.js";
import { threefry2x32 } from "../../src/random/index.js";

const word = fc.integer({ min: 0, max: 0xffffffff });
const threshold = fc.oneof(
  fc.constantFrom(0, 1, 2, 2 ** 31, 2 ** 32 - 1, 2 ** 32),
  fc.integer({ min: 0, max: 2 ** 32 }),
);

/** The 32-bit uniform number of each lane: bit 31 − d of lane l is bit l of the random word at depth d. */
function laneUniforms(key0: number, key1: number, address: number): number[] {
  const uniforms = new Array<number>(32).fill(0);
  const block = new Uint32Array(2);
  for (let depth = 0; depth < 32; depth++) {
    threefry2x32(key0, key1, address, depth >>> 1, block);
    for (let lane = 0; lane < 32; lane++) {
      uniforms[lane] = 2 * uniforms[lane] + ((block[depth & 1] >>> lane) & 1);
    }
  }
  return uniforms;
}

describe("32 Bernoulli variables at once", () => {
  it("lane by lane: success exactly where the lane's uniform number is below its class's threshold", () => {
    const lanes = fc.array(fc.nat(9), { minLength: 32, maxLength: 32 });
    const thresholds = fc.array(threshold, { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(lanes, thresholds, word, word, word, (classOf, limits, key0, key1, address) => {
        const classes = new Int32Array(10);
        classOf.forEach((c, lane) => (classes[c] |= 1 << lane));
        const uniforms = laneUniforms(key0, key1, address);
        const expected = classOf.reduce(
          (bits, c, lane) => bits | (uniforms[lane] < limits[c] ? 1 << lane : 0),
          0,
        );
        const found = bernoulliLanes(classes, Float64Array.from(limits), key0, key1, address);
        expect(found >>> 0).toBe(expected >>> 0);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("decides ties of all 32 bits as failures, their neighbours below as successes", () => {
    const [u] = laneUniforms(11, 22, 33);
    const classes = Int32Array.of(1, ~1);
    for (const [limit, success] of [
      [u, 0],
      [u + 1, 1],
    ] as const) {
      expect(bernoulliLanes(classes, Float64Array.of(limit, 0), 11, 22, 33)).toBe(success);
    }
  });

  it("succeeds as often as the probability says, within 4 standard errors", () => {
    const probabilities = [0.5, 0.1, 0.9971, 1e-4];
    const classes = Int32Array.of(0xff, 0xff << 8, 0xff << 16, 0xff << 24);
    const counts = new Float64Array(4);
    const draws = 20_000;
    for (let address = 0; address < draws; address++) {
      const bits = bernoulliLanes(classes, Float64Array.from(probabilities, fixedPoint), 3, 4, address);
      for (let lane = 0; lane < 32; lane++) counts[lane >>> 3] += (bits >>> lane) & 1;
    }
    probabilities.forEach((p, c) => {
      const error = Math.sqrt(8 * draws * p * (1 - p));
      expect(Math.abs(counts[c] - 8 * draws * p), `p = ${p}`).toBeLessThan(4 * error);
    });
  });
});

describe("a probability in fixed point", () => {
  it("is round(p · 2^32), kept within never and always", () => {
    expect(fixedPoint(0)).toBe(0);
    expect(fixedPoint(1)).toBe(2 ** 32);
    expect(fixedPoint(0.5)).toBe(2 ** 31);
    expect(fixedPoint(1 - 2 ** -33)).toBe(2 ** 32);
    expect(fixedPoint(-1e-9)).toBe(0);
    expect(fixedPoint(1.5)).toBe(2 ** 32);
    expect(fixedPoint(2 ** -32)).toBe(1);
  });
});
