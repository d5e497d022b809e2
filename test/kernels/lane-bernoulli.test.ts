import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bernoulliLanes,
  fixedPoint,
  GROUP_WORDS,
  laneGenerators,
} from "../../src/kernels/reference/lane-bernoulli.js";
import { seedKey } from "../../src/random/index.js";

const LANES = 32 * GROUP_WORDS;

const threshold = fc.oneof(
  fc.constantFrom(0, 1, 2, 2 ** 31, 2 ** 32 - 1, 2 ** 32),
  fc.integer({ min: 0, max: 2 ** 32 }),
);

/** The 32-bit uniform number of each lane: bit 31 − d of lane l of word w is bit l of the d-th word of generator w. */
function laneUniforms(seed: number, group: number): number[] {
  const uniforms = new Array<number>(LANES).fill(0);
  const generators = laneGenerators(seedKey(seed), group);
  for (let depth = 0; depth < 32; depth++) {
    generators.forEach((generator, w) => {
      const random = generator.nextBits();
      for (let lane = 0; lane < 32; lane++) {
        uniforms[32 * w + lane] = 2 * uniforms[32 * w + lane] + ((random >>> lane) & 1);
      }
    });
  }
  return uniforms;
}

/** The classes as `bernoulliLanes` wants them. */
function classWords(classOf: readonly number[], classes: number): Int32Array {
  const words = new Int32Array(GROUP_WORDS * classes);
  classOf.forEach((c, lane) => (words[GROUP_WORDS * c + (lane >>> 5)] |= 1 << (lane & 31)));
  return words;
}

function draw(
  classOf: readonly number[],
  thresholds: readonly number[],
  seed: number,
  group: number,
): boolean[] {
  const success = new Int32Array(GROUP_WORDS);
  const classes = classWords(classOf, thresholds.length);
  bernoulliLanes(classes, Float64Array.from(thresholds), laneGenerators(seedKey(seed), group), success);
  return classOf.map((_, lane) => ((success[lane >>> 5] >>> (lane & 31)) & 1) === 1);
}

describe("128 Bernoulli variables at once", () => {
  it("lane by lane: success exactly where the lane's uniform number is below its class's threshold", () => {
    const lanes = fc.array(fc.nat(9), { minLength: LANES, maxLength: LANES });
    const thresholds = fc.array(threshold, { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(lanes, thresholds, fc.nat(), fc.nat(1000), (classOf, limits, seed, group) => {
        const uniforms = laneUniforms(seed, group);
        const expected = classOf.map((c, lane) => uniforms[lane] < limits[c]);
        expect(draw(classOf, limits, seed, group)).toEqual(expected);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("decides ties of all 32 bits as failures, their neighbours below as successes", () => {
    const [u] = laneUniforms(11, 22);
    const classOf = new Array<number>(LANES).fill(1);
    classOf[0] = 0;
    expect(draw(classOf, [u, 0], 11, 22)).toEqual(new Array(LANES).fill(false));
    expect(draw(classOf, [u + 1, 0], 11, 22).indexOf(true)).toBe(0);
  });

  it("succeeds as often as the probability says, within 4 standard errors", () => {
    const probabilities = [0.5, 0.1, 0.9971, 1e-4];
    const classOf = Array.from({ length: LANES }, (_, lane) => lane & 3);
    const classes = classWords(classOf, 4);
    const thresholds = Float64Array.from(probabilities, fixedPoint);
    const generators = laneGenerators(seedKey(3), 0);
    const counts = new Float64Array(4);
    const success = new Int32Array(GROUP_WORDS);
    const rounds = 20_000;
    for (let round = 0; round < rounds; round++) {
      bernoulliLanes(classes, thresholds, generators, success);
      classOf.forEach((c, lane) => (counts[c] += (success[lane >>> 5] >>> (lane & 31)) & 1));
    }
    const draws = (rounds * LANES) / 4;
    probabilities.forEach((p, c) => {
      const error = Math.sqrt(draws * p * (1 - p));
      expect(Math.abs(counts[c] - draws * p), `p = ${p}`).toBeLessThan(4 * error);
    });
  });

  it("two groups, and two words of a group, draw different numbers", () => {
    const all = [0, 1, 2].flatMap((group) => laneUniforms(5, group));
    expect(new Set(all).size).toBeGreaterThan(all.length - 3);
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
