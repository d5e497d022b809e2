import { describe, expect, it } from "vitest";
import { measureTiling } from "../../src/analysis/tiling.js";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { mean, variance } from "../../src/statistics/index.js";
import { radialField } from "./synthetic-fields.js";

const shape = [20, 20] as const;

/** 25 fields of 4×4 sites of height 1 each with its first site at `corner(unit)`. */
function blocks(corner: (unit: number) => readonly [number, number]): {
  fields: Float64Array;
  centers: number[][];
} {
  const fields = new Float64Array(25 * 400);
  const centers = Array.from({ length: 25 }, (_, unit) => {
    const [x, y] = corner(unit);
    for (let dx = 0; dx < 4; dx++) {
      for (let dy = 0; dy < 4; dy++) fields[unit * 400 + ((x + dx) % 20) * 20 + ((y + dy) % 20)] = 1;
    }
    return [(x + 1.5) % 20, (y + 1.5) % 20];
  });
  return { fields, centers };
}

describe("tiling of a layer", () => {
  it("of blocks side by side is perfect, shifted over the edge too", () => {
    const { fields, centers } = blocks((unit) => [
      (4 * Math.floor(unit / 5) + 19) % 20,
      (4 * (unit % 5) + 18) % 20,
    ]);
    const { coverage, nearestCenter } = measureTiling(fields, centers, shape);
    expect(coverage).toMatchObject({ value: 1, perfect: 1 });
    expect(coverage.random).toBeCloseTo(1 - 0.96 ** 25, 12);
    expect(nearestCenter).toMatchObject({ value: 4, perfect: 4 });
  });

  it("of blocks on top of each other covers one, at distance 0", () => {
    const { fields, centers } = blocks(() => [3, 3]);
    const { coverage, nearestCenter } = measureTiling(fields, centers, shape);
    expect(coverage.value).toBe(0.04);
    expect(nearestCenter.value).toBe(0);
  });

  it.each([
    ["a square", [20, 20]],
    ["a rectangle", [8, 50]],
    ["a ring", [400]],
  ])("expects of random units on %s what a simulation finds", (_, sides) => {
    const stream = new RandomStream(seedKey(`tiling ${sides.join()}`));
    const draws = 400;
    const values = Array.from({ length: draws }, () => {
      const centers = Array.from({ length: 30 }, () => sides.map((side) => side * stream.nextUniform()));
      return measureTiling(new Float64Array(0), centers, sides).nearestCenter.value;
    });
    const { nearestCenter, nearestCenterError } = measureTiling(
      new Float64Array(0),
      Array.from({ length: 30 }, (_, unit) => sides.map((side) => (side * unit) / 30)),
      sides,
    );
    const deviation = Math.sqrt(variance(values));
    expect(Math.abs(mean(values) - nearestCenter.random)).toBeLessThan((4 * deviation) / Math.sqrt(draws));
    // The formula holds for many units; the deviation of 400 is known to 3.5 %.
    expect(Math.abs(nearestCenterError / deviation - 1)).toBeLessThan(0.18);
  });

  it("expects of random fields the coverage a simulation finds", () => {
    const stream = new RandomStream(seedKey("coverage"));
    const draws = 300;
    const place = (): number => stream.nextInteger(20);
    const random = Array.from({ length: draws }, () => {
      const { fields, centers } = blocks(() => [place(), place()]);
      return measureTiling(fields, centers, shape).coverage;
    });
    const values = random.map(({ value }) => value);
    const error = Math.sqrt(variance(values) / draws);
    expect(Math.abs(mean(values) - random[0].random)).toBeLessThan(4 * error);
  });

  it("takes the sites above half the peak, and leaves dead units out", () => {
    const gaussian = radialField(shape, [5, 5], (d) => -Math.exp((-d * d) / (2 * 1.5 * 1.5)));
    const fields = new Float64Array(800);
    fields.set(gaussian);
    const { coverage, nearestCenter } = measureTiling(
      fields,
      [
        [5, 5],
        [NaN, NaN],
      ],
      shape,
    );
    // Half the peak lies at d = 1.5 √(2 ln 2) = 1.77: nine sites.
    expect(coverage.value).toBe(9 / 400);
    expect(coverage.random).toBeCloseTo(9 / 400, 12);
    expect(nearestCenter.value).toBeNaN();
    expect(nearestCenter.random).toBeNaN();
  });
});
